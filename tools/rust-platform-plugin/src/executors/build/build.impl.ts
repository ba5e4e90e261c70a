import type { ExecutorContext } from '@nx/devkit';
import { buildCrate, type BuildRun } from '../../engines/cargo/build-crate';
import { count } from '../../engines/cargo/diagnostics';
import { cargoSetupOf } from '../cargo-setup-of';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import schema from './schema.json';

/** `build`: the release deliverable; a library has none, its build is a verdict. */
export default async function build(
  options: object,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask({ context, target: 'build', options, schema, work: buildTask });
}

async function buildTask(task: TaskContext): Promise<Outcome> {
  const { distDirectory } = task.options;
  const run = await buildCrate({ ...cargoSetupOf(task), distDirectory });
  const warnings = run.warnings > 0 ? `, ${count(run.warnings, 'warning')}` : '';
  return {
    status: 'passed',
    headline: `${headline(run)}${warnings}`,
    notes: run.notes,
    files: run.record ? [`${distDirectory}/${task.project}/build-record.json`] : [],
    data: run.record,
  };
}

function headline({ record }: BuildRun): string {
  if (!record) return 'library compiles';
  const sizes = record.binaries.map(({ name, bytes }) => `${name} ${megabytes(bytes)}`);
  const plural = record.binaries.length === 1 ? '1 binary' : `${record.binaries.length} binaries`;
  return `${plural}: ${sizes.join(', ')}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
