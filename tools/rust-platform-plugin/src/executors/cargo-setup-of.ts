import type { CargoSetup } from '../engines/cargo/cargo-setup';
import { crateClosure } from './verify-inputs/crate-closure';
import type { TaskContext } from './task-context';

/** The surroundings of the cargo calls of a task. */
export function cargoSetupOf(task: TaskContext): CargoSetup {
  const { workspaceRoot, crate, model, project, target, report, signal, colour, cargo } = task;
  const setup = { workspaceRoot, crate: { ...crate, project }, purpose: `${target} ${project}` };
  return {
    ...setup,
    ...cargo,
    sources: crateClosure(crate, model, true).map(({ root }) => root),
    report,
    signal,
    colour,
  };
}

/** The same for calls that compile. */
export async function compilerSetupOf(task: TaskContext): Promise<CargoSetup> {
  return { ...cargoSetupOf(task), ...(await task.compiling()) };
}
