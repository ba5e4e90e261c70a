import type { ExecutorContext } from '@nx/devkit';
import { count } from '../../engines/cargo/diagnostics';
import { rustfmtCrate } from '../../engines/cargo/rustfmt-crate';
import { cargoSetupOf } from '../cargo-setup-of';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import schema from './schema.json';

/** `rustfmt`: checks only, never writes. */
export default async function rustfmt(
  options: object,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask({ context, target: 'rustfmt', options, schema, work: rustfmtTask });
}

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
