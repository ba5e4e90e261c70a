import { buildCrate, type BuildRun } from '../../engines/cargo/build-crate';
import { count } from '../../engines/cargo/diagnostics';
import type { Outcome, TaskContext } from '../task-context';
import type { TaskDefinition } from '../task-definition';
import { verification } from '../verification';
import { bakedPlaces } from './baked-places';
import schema from './schema.json';
import { withRemappedPaths } from './with-remapped-paths';

/** `build`: the release deliverable; a library has none, its build is a verdict. */
export const BUILD: TaskDefinition = { target: 'build', schema, work: buildTask };

async function buildTask(task: TaskContext): Promise<Outcome> {
  const { distDirectory } = task.options;
  const { verify, unkept } = verification(task);
  const { setup, unmapped } = await withRemappedPaths(task);
  const run = await buildCrate({ ...setup, distDirectory, verify });
  const places = unmapped.length > 0 ? [] : await bakedPlaces(task, run.record);
  const warnings = run.warnings > 0 ? `, ${count(run.warnings, 'warning')}` : '';
  return {
    status: 'passed',
    headline: `${headline(run)}${warnings}`,
    notes: [...run.notes, ...unmapped.map(notShared)],
    unkept: [...unkept, ...places],
    files: run.record ? [`${distDirectory}/${task.project}/build-record.json`] : [],
    data: run.record,
  };
}

function notShared(reason: string): string {
  return `build paths stay in the binary: ${reason}; results are not shared between folders`;
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
