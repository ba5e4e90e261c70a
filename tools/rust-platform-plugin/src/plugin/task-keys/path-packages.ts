import type { CargoFacts, PackageFacts } from '../../cargo/cargo-facts';
import { packageProject, type ScannedCrate } from '../../cargo/scan/scanned-crate';
import type { RustCrate } from '../../service-model/service-model';

/** What the scan needs to know of it. */
export function packageCrate(
  one: PackageFacts,
  cargo: CargoFacts,
  crateIn: ReadonlyMap<string, RustCrate>,
): ScannedCrate {
  const dependencies = one.pathDependencies.flatMap(({ folder, kinds }) => {
    const found = cargo.others.get(folder);
    const project = found ? packageProject(found).project : crateIn.get(folder)?.project;
    return project === undefined ? [] : [{ project, kinds }];
  });
  return { ...packageProject(one), cargoRoot: one.folder, dependencies };
}

/** With its dependencies on such packages, which may run while it compiles. */
export function withPackages(
  crate: RustCrate,
  facts: PackageFacts | undefined,
  { others }: CargoFacts,
): ScannedCrate {
  if (others.size === 0) return crate;
  const more = (facts?.pathDependencies ?? []).flatMap(({ folder, kinds }) => {
    const found = others.get(folder);
    return found ? [{ project: packageProject(found).project, kinds }] : [];
  });
  return more.length === 0 ? crate : { ...crate, dependencies: [...crate.dependencies, ...more] };
}
