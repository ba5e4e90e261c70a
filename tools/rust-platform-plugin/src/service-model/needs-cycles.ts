import type { RustCrate } from './service-model';

/** Each circle of services that need one another, once, as the names in order, the first repeated at the end. */
export function needsCycles(crates: readonly RustCrate[]): string[][] {
  const needsOf = new Map(crates.map((crate) => [crate.project, neededServices(crate)]));
  const cycles: string[][] = [];
  const done = new Set<string>();

  function visit(project: string, path: string[]): void {
    const start = path.indexOf(project);
    if (start !== -1) {
      cycles.push([...path.slice(start), project]);
      return;
    }
    if (done.has(project)) return;
    for (const needed of needsOf.get(project) ?? []) visit(needed, [...path, project]);
    done.add(project);
  }

  for (const { project } of crates) visit(project, []);
  return cycles;
}

/** Services that a crate's service needs directly. */
export function neededServices({ service }: RustCrate): string[] {
  return (service?.needs ?? []).flatMap((need) => (need.kind === 'service' ? [need.project] : []));
}
