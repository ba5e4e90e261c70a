import { checkCrate } from '../../engines/cargo/check-crate';
import { count } from '../../engines/cargo/diagnostics';
import { compilerSetupOf } from '../cargo-setup-of';
import type { Outcome, TaskContext } from '../task-context';
import type { TaskDefinition } from '../task-definition';
import { verification } from '../verification';
import schema from './schema.json';

/** `check`: warnings are shown; they fail clippy, not this. */
export const CHECK: TaskDefinition = { target: 'check', schema, work: checkTask };

async function checkTask(task: TaskContext): Promise<Outcome> {
  const { verify, unkept } = verification(task);
  const { warnings, notes } = await checkCrate(await compilerSetupOf(task), verify);
  const headline = `all targets compile${warnings > 0 ? `, ${count(warnings, 'warning')}` : ''}`;
  return { status: 'passed', headline, notes, unkept, data: { warnings } };
}
