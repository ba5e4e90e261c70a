import { clippyCrate } from '../../engines/cargo/clippy-crate';
import { count } from '../../engines/cargo/diagnostics';
import { compilerSetupOf } from '../cargo-setup-of';
import type { Outcome, TaskContext } from '../task-context';
import type { TaskDefinition } from '../task-definition';
import { verification } from '../verification';
import schema from './schema.json';

/** `clippy`: a warning fails the task. */
export const CLIPPY: TaskDefinition = { target: 'clippy', schema, work: clippyTask };

async function clippyTask(task: TaskContext): Promise<Outcome> {
  const { verify, unkept } = verification(task);
  const { errors, warnings, notes } = await clippyCrate(await compilerSetupOf(task), verify);
  const found = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return {
    status: found.length > 0 ? 'failed' : 'passed',
    headline: found.join(', ') || 'clean',
    notes,
    unkept,
    data: { errors, warnings },
  };
}
