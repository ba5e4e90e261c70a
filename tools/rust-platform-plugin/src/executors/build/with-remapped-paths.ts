import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCargoConfig } from '../../cargo/cargo-config';
import { remapPaths } from '../../cargo/remap-paths';
import type { CargoSetup } from '../../engines/cargo/cargo-setup';
import { compilerSetupOf } from '../cargo-setup-of';
import type { TaskContext } from '../task-context';

/** The surroundings of a build that leaves the folders of this machine out of its binaries; `unmapped`: why it cannot. */
export async function withRemappedPaths(
  task: TaskContext,
): Promise<{ setup: CargoSetup; unmapped: string[] }> {
  const { workspaceRoot, crate, env } = task;
  const cargoRoot = join(workspaceRoot, crate.cargoRoot);
  const {
    args,
    env: variables,
    unmapped,
  } = remapPaths({
    workspaceRoot,
    cargoRoot,
    targetDirectory: crate.targetDirectory,
    env,
    configs: readCargoConfig(cargoRoot, env),
    manifest: readManifest(join(cargoRoot, 'Cargo.toml')),
  });
  const setup = await compilerSetupOf(task);
  const compileEnv = { ...(setup.compileEnv ?? setup.env), ...variables };
  return { setup: { ...setup, compilerArgs: args, compileEnv }, unmapped };
}

function readManifest(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
