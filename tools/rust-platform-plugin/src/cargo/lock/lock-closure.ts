import { lockGraph, pathPackage, type LockGraph } from './lock-graph';
import { cutEdges, memberPlaces, type LockMember } from './lock-hashes';
import type { LockedPackage } from './locked-package';

export interface ClosureRequest {
  packages: readonly LockedPackage[];
  /** Package name of the crate. */
  crate: string;
  version?: string;
  /** Members whose dev-dependencies do not count, except those of the crate itself. Default: all edges count. */
  members?: readonly LockMember[];
  /** Leaves out the dev-dependencies of the crate too. */
  cut?: 'build' | 'test';
  file?: string;
}

/**
 * Every locked package that a crate is linked with or built by, with the shortest way to it: `links > axum > hyper`.
 * Optional dependencies and those of other platforms count. `undefined` when the lock does not have the crate.
 */
export function lockClosure(request: ClosureRequest): Map<LockedPackage, string[]> | undefined {
  const { packages, crate, version, members = [], cut = 'test', file } = request;
  const graph = lockGraph(packages, file);
  const start = pathPackage(graph, version === undefined ? { name: crate } : { name: crate, version });
  if (start === undefined) return undefined;
  const edges = cutEdges(graph, memberPlaces(graph, members));
  if (cut === 'test') edges[start] = graph.edges[start] ?? [];
  return waysFrom(start, edges, graph);
}

function waysFrom(start: number, edges: number[][], { packages }: LockGraph): Map<LockedPackage, string[]> {
  const ways = new Map<number, string[]>([[start, [packages[start]?.name ?? '']]]);
  for (const [from, way] of ways) {
    for (const to of edges[from] ?? []) {
      if (!ways.has(to)) ways.set(to, [...way, packages[to]?.name ?? '']);
    }
  }
  return new Map([...ways].map(([index, way]) => [packages[index] as LockedPackage, way]));
}
