import type { LockGraph } from '../../cargo/lock/lock-graph';
import type { LockedPackage } from '../../cargo/lock/locked-package';

/** Everything of a lock that one crate is built from. */
export class LockedClosure {
  /** Identity of a package → its place in the lock. */
  readonly places = new Map<string, number>();
  private readonly from: Map<number, number | undefined>;

  constructor(
    private readonly graph: LockGraph,
    start: number,
    private readonly edges: (from: number) => readonly number[],
  ) {
    this.from = new Map([[start, undefined]]);
    for (const place of this.from.keys()) {
      for (const to of edges(place)) if (!this.from.has(to)) this.from.set(to, place);
    }
    const identities = identitiesIn(graph);
    for (const place of this.from.keys()) this.places.set(identities[place] ?? '', place);
  }

  package(place: number): LockedPackage {
    const found = this.graph.packages[place];
    if (!found) throw new Error(`the lock has no package ${place}`);
    return found;
  }

  /** What a package of it is linked with. */
  linked(place: number): LockedPackage[] {
    return this.edges(place).map((to) => this.package(to));
  }

  /** The same for the same edges. */
  edgeText(place: number): string {
    const identities = identitiesIn(this.graph);
    return this.edges(place)
      .map((to) => identities[to] ?? '')
      .sort()
      .join('\n');
  }

  /** The shortest way to a package: `app > axum > serde`. */
  way(place: number): string {
    const names: string[] = [];
    for (let at: number | undefined = place; at !== undefined; at = this.from.get(at)) {
      names.unshift(this.package(at).name);
    }
    const long = names.length > LONGEST_WAY;
    return (long ? [...names.slice(0, 3), '…', ...names.slice(-3)] : names).join(' > ');
  }

  depth(place: number): number {
    let depth = 0;
    for (let at = this.from.get(place); at !== undefined; at = this.from.get(at)) depth += 1;
    return depth;
  }
}

const LONGEST_WAY = 10;
const known = new WeakMap<LockGraph, string[]>();

function identitiesIn(graph: LockGraph): string[] {
  const found = known.get(graph) ?? graph.packages.map(identityOf);
  known.set(graph, found);
  return found;
}

/** The version of a path package stands in its manifest, which counts by itself. */
function identityOf({ name, version, source, checksum }: LockedPackage): string {
  return source === undefined ? name : `${name} ${version} ${source} ${checksum}`;
}
