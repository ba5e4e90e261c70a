import { hashNode } from './hash-node';
import { lockGraph, pathPackage, type LockGraph } from './lock-graph';
import type { LockedPackage } from './locked-package';
import { strongComponents } from './strong-components';

/** A crate of the workspace, as far as its place in the lock goes. */
export interface LockMember {
  name: string;
  version?: string;
  /** Names of packages that it declares as dev-dependencies only. */
  devOnly: ReadonlySet<string>;
}

/** What a crate is built from; with its own dev-dependencies, what its tests are built from. */
export interface LockCuts {
  build: string;
  test: string;
}

/**
 * For each member one hash over everything of the lock that it reaches: packages and the edges between them. Equal hashes
 * mean equal sub-locks. Dev-dependencies of members count for their own tests only; the lock names none of other packages.
 * A member that the lock does not have is left out.
 */
export function lockHashes(
  packages: readonly LockedPackage[],
  members: readonly LockMember[],
  file?: string,
): Map<string, LockCuts> {
  const graph = lockGraph(packages, file);
  const places = memberPlaces(graph, members);
  const hashes = merkle(graph, cutEdges(graph, places));
  return new Map(
    [...places].map(([index, { name }]) => [
      name,
      {
        build: hashes[index] ?? '',
        // Its tests are linked with the crate itself as others see it, and with its dev-dependencies.
        test: hashNode(
          hashes[index] ?? '',
          (graph.edges[index] ?? []).map((to) => hashes[to] ?? ''),
        ),
      },
    ]),
  );
}

/** Edges without those that only the tests of a member follow. */
export function cutEdges(graph: LockGraph, places: ReadonlyMap<number, LockMember>): number[][] {
  return graph.edges.map((edges, from) => {
    const devOnly = places.get(from)?.devOnly;
    return devOnly ? edges.filter((to) => !devOnly.has(graph.packages[to]?.name ?? '')) : (edges as number[]);
  });
}

export function memberPlaces(graph: LockGraph, members: readonly LockMember[]): Map<number, LockMember> {
  const places = new Map<number, LockMember>();
  for (const member of members) {
    const index = pathPackage(graph, member);
    if (index !== undefined) places.set(index, member);
  }
  return places;
}

/** Each package with everything that it reaches. */
function merkle({ packages }: LockGraph, edges: number[][]): string[] {
  const own = packages.map(ownText);
  const node: string[] = packages.map(() => '');
  for (const component of strongComponents(edges)) {
    const inside = new Set(component);
    const parts = component.map((from) =>
      hashNode(
        own[from] ?? '',
        (edges[from] ?? []).map((to) => (inside.has(to) ? own[to] : node[to]) ?? ''),
      ),
    );
    for (const [place, index] of component.entries()) {
      const [only = ''] = parts;
      node[index] = parts.length === 1 ? only : hashNode(parts[place] ?? '', parts);
    }
  }
  return node;
}

/** The version of a path package stands in its manifest, which counts by itself. */
function ownText({ name, version, source, checksum, replace }: LockedPackage): string {
  return JSON.stringify(source === undefined ? [name] : [name, version, source, checksum, replace]);
}
