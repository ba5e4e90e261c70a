import type { CargoSetup } from '../engines/cargo/cargo-setup';
import type { RustCrate, ServiceModel } from '../service-model/service-model';
import type { TaskContext } from './task-context';

/** The surroundings of the cargo calls of a task. */
export function cargoSetupOf(task: TaskContext): CargoSetup {
  const { workspaceRoot, crate, model, project, target, report, signal, colour } = task;
  const setup = { workspaceRoot, crate: { ...crate, project }, purpose: `${target} ${project}` };
  return { ...setup, sources: sourcesOf(crate, model), report, signal, colour };
}

/** Folders of the crate and of everything in the repository that it is compiled from. */
function sourcesOf(crate: RustCrate, model: ServiceModel): string[] {
  const found = new Set([crate]);
  for (const each of found) {
    for (const { project } of each.dependencies) {
      const dependency = model.crates.find((candidate) => candidate.project === project);
      if (dependency) found.add(dependency);
    }
  }
  return [...found].map(({ root }) => root);
}
