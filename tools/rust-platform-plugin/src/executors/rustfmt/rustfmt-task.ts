import { count } from '../../engines/cargo/diagnostics';
import { rustfmtCrate } from '../../engines/cargo/rustfmt-crate';
import { cargoSetupOf } from '../cargo-setup-of';
import type { Outcome, TaskContext } from '../task-context';
import type { TaskDefinition } from '../task-definition';
import schema from './schema.json';

/** `rustfmt`: checks only, never writes. */
export const RUSTFMT: TaskDefinition = { target: 'rustfmt', schema, work: rustfmtTask };

async function rustfmtTask(task: TaskContext): Promise<Outcome> {
  const { files, fix } = await rustfmtCrate(cargoSetupOf(task));
  if (files.length === 0) return { status: 'passed', headline: 'formatted', data: { files } };
  return {
    status: 'failed',
    headline: `${count(files.length, 'file')} not formatted: ${files.join(', ')}`,
    notes: [`fix: ${fix}`],
    data: { files },
  };
}
