import { lockGraph } from './lock-graph';
import { cutEdges, memberPlaces, type LockMember } from './lock-hashes';
import type { LockedPackage } from './locked-package';
import { strongComponents } from './strong-components';

/** For each member, whether its build and its tests reach a package that is wanted. All members in one pass. */
export function lockReach(
  packages: readonly LockedPackage[],
  members: readonly LockMember[],
  isWanted: (name: string) => boolean,
  file?: string,
): Map<string, { build: boolean; test: boolean }> {
  const graph = lockGraph(packages, file);
  const places = memberPlaces(graph, members);
  const edges = cutEdges(graph, places);
  const reaches = packages.map(({ name }) => isWanted(name));
  for (const component of strongComponents(edges)) {
    const found = component.some((from) => reaches[from] || edges[from]?.some((to) => reaches[to]));
    for (const index of component) reaches[index] = found;
  }
  return new Map(
    [...places].map(([index, { name }]) => {
      const build = reaches[index] ?? false;
      return [name, { build, test: build || (graph.edges[index] ?? []).some((to) => reaches[to]) }];
    }),
  );
}
