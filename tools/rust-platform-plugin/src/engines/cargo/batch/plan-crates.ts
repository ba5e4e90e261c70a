import type { CargoCrate } from '../cargo-setup';
import type { CertainFeatures } from './certain-features';
import { bringTogether, clashWith, type Planned, type Rule } from './group-crates-clash';
import { certainPlan, planOf, type FeaturePlan, type UnitGraph } from './unit-graph';
import {
  askCertainFeatures,
  askUnitGraph,
  knownPlan,
  planFeatures,
  rememberPlan,
  type PlanRequest,
} from './unit-graph-plan';

interface CratesRequest extends PlanRequest {
  crates: CargoCrate[];
}

interface PlannedCrates {
  /** Of all crates together. */
  whole: FeaturePlan;
  planned: Planned[];
  /** Of which cargo does not tell. */
  silent: Array<{ crate: CargoCrate; problem: string }>;
}

/** For fewer crates it is as fast to ask for each. */
const WORTH_IT = 3;

/**
 * What cargo would do for each crate alone, and for all together.
 *
 * cargo needs about 60 ms for an answer, so it is not asked for each of many crates. What a crate gets alone lies between what is
 * certain to be switched on for it (see CertainFeatures) and what it gets in any selection that it is part of, since features only
 * ever grow with the selection. Where both are the same, its plan is known.
 *
 * @throws PlatformError for failures of the surroundings, which compiling would meet as well (a stale lock, …).
 */
export async function planCrates(
  request: CratesRequest,
  rule: Rule,
): Promise<PlannedCrates | { problem: string }> {
  const { crates } = request;
  const planned: Planned[] = [];
  let open: CargoCrate[] = [];
  for (const crate of crates) {
    const plan = await knownPlan([crate], request);
    if (plan) planned.push({ crate, plan });
    else open.push(crate);
  }
  const many = open.length >= WORTH_IT ? await askUnitGraph(crates, request) : undefined;
  const together = many ?? (await planFeatures(crates, request));
  if ('problem' in together) return together;
  if (many && 'graph' in many) {
    const settled = await settleTogether(open, many.graph, request, rule);
    planned.push(...settled);
    open = open.filter((crate) => !settled.some((one) => one.crate === crate));
  }
  const { asked, silent } = await askEach(open, request);
  return { whole: together.plan, planned: [...planned, ...asked], silent };
}

/** First by the answer for all, then by answers for those that seem to agree. */
async function settleTogether(
  open: readonly CargoCrate[],
  graph: UnitGraph,
  request: CratesRequest,
  rule: Rule,
): Promise<Planned[]> {
  const [first] = open;
  const certain = first && (await askCertainFeatures(first, request));
  if (!certain) return [];
  const bounds = open.map((crate) => new Bounds(crate, certain, request));
  const settled: Planned[] = [];
  const settleBy = async (some: readonly Bounds[], answer: UnitGraph): Promise<Bounds[]> => {
    const left: Bounds[] = [];
    for (const one of some) {
      const plan = one.provenBy(answer, rule);
      if (plan) settled.push({ crate: one.crate, plan });
      else left.push(one);
    }
    return left;
  };
  const left = await settleBy(bounds, graph);
  const expected = left.map((one) => ({ crate: one.crate, plan: one.expected(graph) }));
  for (const group of bringTogether(expected, rule)) {
    if (group.length < WORTH_IT) continue;
    const crates = group.map(({ crate }) => crate);
    const answer = await askUnitGraph(crates, request);
    if ('graph' in answer) {
      await settleBy(
        left.filter(({ crate }) => crates.includes(crate)),
        answer.graph,
      );
    }
  }
  for (const { crate, plan } of settled) await rememberPlan([crate], request, plan);
  return settled;
}

/** Between which the features of one crate lie. */
class Bounds {
  private readonly id: string | undefined;
  private readonly least;

  constructor(
    readonly crate: CargoCrate,
    certain: CertainFeatures,
    { subcommand }: PlanRequest,
  ) {
    this.id = certain.member(crate.packageName);
    this.least = this.id === undefined ? undefined : certain.of(this.id, subcommand !== 'build');
  }

  /** What is certain of the packages that a selection with this crate brings in. */
  expected(graph: UnitGraph): FeaturePlan {
    return this.id === undefined || !this.least ? {} : certainPlan(graph, this.id, this.least);
  }

  /** Its plan, when an answer for a selection with it gives it nothing beyond what is certain. */
  provenBy(graph: UnitGraph, rule: Rule): FeaturePlan | undefined {
    if (this.id === undefined) return undefined;
    const plan = planOf(graph, this.id);
    // Nothing to compile, or known by another id: nothing to prove anything by.
    if (Object.keys(plan).length === 0) return undefined;
    return clashWith(plan, this.expected(graph), rule) ? undefined : plan;
  }
}

/** One after the other: cargos wait for each other's lock of the package cache, and say so. */
async function askEach(
  crates: readonly CargoCrate[],
  request: PlanRequest,
): Promise<{ asked: Planned[]; silent: PlannedCrates['silent'] }> {
  const asked: Planned[] = [];
  const silent: PlannedCrates['silent'] = [];
  for (const crate of crates) {
    const answer = await planFeatures([crate], request);
    if ('plan' in answer) asked.push({ crate, plan: answer.plan });
    else silent.push({ crate, problem: answer.problem });
  }
  return { asked, silent };
}
