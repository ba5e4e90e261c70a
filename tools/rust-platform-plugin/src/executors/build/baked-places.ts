import { join } from 'node:path';
import { cargoHome } from '../../cargo/cargo-config';
import { findBakedPaths } from '../../engines/cargo/baked-paths';
import type { BuildRecord } from '../../engines/cargo/build-record';
import type { TaskContext } from '../task-context';
import { crateClosure } from '../verify-inputs/crate-closure';

/**
 * Why a build must not be kept: its binaries name folders of this machine, although no source says so. Where one does, the
 * place is part of the key.
 */
export async function bakedPlaces(task: TaskContext, record: BuildRecord | undefined): Promise<string[]> {
  const { workspaceRoot, options, project, crate, model, env } = task;
  const scan = await task.scan();
  const closure = crateClosure(crate, model, false);
  if (!record || closure.some((each) => scan.of(each).bakesPath)) return [];
  const home = cargoHome(env);
  const folders = [
    crate.targetDirectory,
    join(home, 'registry'),
    join(home, 'git'),
    ...closure.map(({ root }) => join(workspaceRoot, root)),
  ];
  const files = record.binaries.map(({ file }) => join(workspaceRoot, options.distDirectory, project, file));
  const found = await Promise.all(files.map((file) => findBakedPaths(file, folders)));
  const named = [...new Set(found.flat())];
  if (named.length === 0) return [];
  return [
    `the binaries name folders of this machine (${named.join(', ')}), which the key does not hold: ` +
      `add "CARGO_MANIFEST_DIR" to "environment" of ${crate.project} in rust-inputs.json`,
  ];
}
