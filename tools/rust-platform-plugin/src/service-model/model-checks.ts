import type { CrateDraft } from './crate-draft';
import { freePortAfter } from './default-port';
import { metadataProblem } from './parse-service-metadata';
import { needsCycles, neededServices } from './needs-cycles';
import type { ModelProblem, RustCrate } from './service-model';

/** Needs that cannot be met: crates that are no services, and circles. */
export function serviceMistakes(crates: readonly RustCrate[], drafts: readonly CrateDraft[]): ModelProblem[] {
  const services = new Set(crates.filter(({ service }) => service).map(({ project }) => project));
  const noServices = crates.flatMap((crate) =>
    neededServices(crate)
      .filter((needed) => !services.has(needed))
      .map((needed) =>
        problemOf(crate, drafts, 'needs', `${needed} is a crate, but no service`, 'need a service, or none'),
      ),
  );
  const circles = needsCycles(crates).map((cycle) => {
    const first = crates.find(({ project }) => project === cycle[0]) as RustCrate;
    const what = `services need one another in a circle: ${cycle.join(' → ')}`;
    return problemOf(first, drafts, 'needs', what, 'remove one of these needs');
  });
  return [...noServices, ...circles];
}

/** Two services on one port: the later name is asked for a `port`, unless only the earlier one was left to its name. */
export function portCollisions(crates: readonly RustCrate[], drafts: readonly CrateDraft[]): ModelProblem[] {
  const taken = new Set(crates.flatMap(({ service }) => service?.port ?? []));
  const owners = new Map<number, RustCrate>();
  const problems: ModelProblem[] = [];
  for (const crate of [...crates].sort(explicitFirst)) {
    if (!crate.service) continue;
    const { port } = crate.service;
    const owner = owners.get(port);
    if (!owner) {
      owners.set(port, crate);
      continue;
    }
    const free = freePortAfter(port, taken);
    taken.add(free);
    const what = `port ${port} is already that of ${owner.project}`;
    const fix = `add \`port = ${free}\` to [package.metadata.rust-platform] of ${crate.manifest}`;
    problems.push({ ...problemOf(crate, drafts, 'port', what, fix), code: 'port-collision' });
  }
  return problems;
}

function explicitFirst(a: RustCrate, b: RustCrate): number {
  const rank = ({ service }: RustCrate) => (service?.portSource === 'name' ? 1 : 0);
  return rank(a) - rank(b) || (a.project < b.project ? -1 : 1);
}

function problemOf(
  { project }: RustCrate,
  drafts: readonly CrateDraft[],
  key: string,
  what: string,
  fix: string,
): ModelProblem {
  const { sourceOf } = drafts.find((draft) => draft.project === project) as CrateDraft;
  return metadataProblem(sourceOf(key), [key], what, fix);
}
