import type { ExecutorContext } from '@nx/devkit';
import { clippyCrate } from '../../engines/cargo/clippy-crate';
import { count } from '../../engines/cargo/diagnostics';
import { cargoSetupOf } from '../cargo-setup-of';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import schema from './schema.json';

/** `clippy`: a warning fails the task. */
export default async function clippy(
  options: object,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask({ context, target: 'clippy', options, schema, work: clippyTask });
}

async function clippyTask(task: TaskContext): Promise<Outcome> {
  const { errors, warnings, notes } = await clippyCrate(cargoSetupOf(task));
  const found = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return {
    status: found.length > 0 ? 'failed' : 'passed',
    headline: found.join(', ') || 'clean',
    notes,
    data: { errors, warnings },
  };
}
