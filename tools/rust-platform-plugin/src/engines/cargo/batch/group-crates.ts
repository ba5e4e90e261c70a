import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../endpoints';
import type { CargoCrate } from '../cargo-setup';
import { bringTogether, clashWith, sayClash, type Planned, type Rule } from './group-crates-clash';
import { planCrates } from './plan-crates';
import { planFeatures, type PlanRequest } from './unit-graph-plan';

export interface CrateGroup {
  crates: CargoCrate[];
  /** Why these are apart from the first group: part of a sentence, for people. */
  reason?: string;
}

export interface GroupRequest extends PlanRequest {
  /** Of one Cargo workspace and target directory. */
  crates: CargoCrate[];
  report?: Report;
}

/**
 * Puts crates into groups of which one cargo may compile each so that every crate gets the verdict that it would get
 * alone. cargo switches on the features that *any* selected crate asks for, so together with `a`, which asks for `s/x`,
 * a crate `b` that forgot to ask compiles, and alone it does not.
 *
 * Crates that agree with each other in pairs are put together. That is enough where all of a plan is compared: a rule of
 * cargo's resolver (feature f of p is on → …) looks at the features of one package only, on one side (program or host;
 * resolver 1 has one side). If everyone who uses p gives it the same features, a rule that applies to the union applies in
 * each of their plans already, so the union adds nothing. Not compared are what resolver 1 unifies without compiling it
 * (dependencies for other platforms and of tests) and what `clippy` leaves out, so a group is not believed but proven: cargo
 * is asked once more for the group as a whole, and whoever would get something else than alone is taken out. Any part
 * of a proven group is proven too: features only ever grow with the selection.
 *
 * `build` and `test` compare every package. `clippy` and `check` compare the crates of the repository and what they name
 * as dependencies: other packages can change a verdict only by what these hand through.
 *
 * @throws PlatformError for failures of the surroundings, which compiling would meet as well (a stale lock, …).
 */
export async function groupCrates(given: GroupRequest): Promise<CrateGroup[]> {
  const { crates, workspaceRoot } = given;
  const [first] = crates;
  if (!first || crates.length === 1) return first ? [{ crates }] : [];
  if (!(await isThere(join(workspaceRoot, first.cargoRoot, 'Cargo.lock')))) {
    return apart(crates, 'without Cargo.lock nobody knows which features it would share with them');
  }
  const request = { read: new Map<string, Promise<string>>(), ...given };
  const rule: Rule =
    request.subcommand === 'build' || request.subcommand === 'test' ? 'every package' : 'near packages';
  const answer = await planCrates(request, rule);
  if ('problem' in answer) return apart(crates, notTold(answer.problem));
  const { planned, whole } = answer;
  const silent = answer.silent.map(({ crate, problem }) => ({ crates: [crate], reason: notTold(problem) }));
  if (silent.length === 0 && planned.every(({ plan }) => !clashWith(plan, whole, rule))) return [{ crates }];
  const groups = await prove(bringTogether(planned, rule), rule, request);
  return [...withReasons(groups, rule), ...silent];
}

/** Never silently together: an answer that is missing is no agreement. */
function apart(crates: CargoCrate[], reason: string): CrateGroup[] {
  return crates.map((crate, index) => ({ crates: [crate], ...(index === 0 ? {} : { reason }) }));
}

function notTold(problem: string): string {
  return `cargo does not tell which features it would share with them (${problem})`;
}

async function prove(groups: Planned[][], rule: Rule, request: GroupRequest): Promise<Planned[][]> {
  const proven: Planned[][] = [];
  const open = [...groups];
  for (let group = open.shift(); group; group = open.shift()) {
    if (group.length === 1) {
      proven.push(group);
      continue;
    }
    const whole = await planFeatures(
      group.map(({ crate }) => crate),
      request,
    );
    const agrees = ({ plan }: Planned): boolean => 'plan' in whole && !clashWith(plan, whole.plan, rule);
    const together = group.filter(agrees);
    const rest = group.filter((one) => !agrees(one));
    if (together.length > 0) proven.push(together);
    // A smaller selection gives fewer features: it has its own chance, unless nobody could be taken out.
    if (together.length > 0 && rest.length > 1) open.push(rest);
    else proven.push(...rest.map((one) => [one]));
  }
  return proven.sort((a, b) => b.length - a.length);
}

function withReasons(groups: readonly Planned[][], rule: Rule): CrateGroup[] {
  const [first = []] = groups;
  return groups.map((group, index) => {
    const crates = group.map(({ crate }) => crate);
    return index === 0 ? { crates } : { crates, reason: sayClash(group, first, rule) };
  });
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
