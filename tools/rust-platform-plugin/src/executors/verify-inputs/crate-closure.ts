import type { RustCrate, ServiceModel } from '../../service-model/service-model';

/**
 * The crate and the crates of the repository that it is compiled from; with `tests` also those that only its own tests
 * use. The crate itself comes first.
 */
export function crateClosure(crate: RustCrate, { crates }: ServiceModel, tests: boolean): RustCrate[] {
  const byProject = new Map(crates.map((each) => [each.project, each]));
  const found = new Set([crate]);
  for (const each of found) {
    for (const { project, kinds } of each.dependencies) {
      const dependency = byProject.get(project);
      const isCompiled = kinds.some((kind) => kind !== 'dev') || (tests && each === crate);
      if (dependency && isCompiled) found.add(dependency);
    }
  }
  return [...found];
}
