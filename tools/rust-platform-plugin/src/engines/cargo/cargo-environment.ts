import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { CargoSetup } from './cargo-setup';

export type CargoEnvironment = Record<string, string | undefined>;

/**
 * What cargo gets beyond the environment of this process: colour as the terminal wants it, and sqlx's offline mode where
 * `.sqlx` is committed, so that a result never depends on a database. RUSTC_WRAPPER and the like stay as they are.
 */
export async function cargoEnvironment(setup: CargoSetup): Promise<CargoEnvironment> {
  return { ...colourOf(setup), ...(await offlineMode(setup)), ...setup.env };
}

/** The part of it that a compiler can notice. A name that is not there means nothing to the crate. */
export async function compilerEnvironment(setup: CargoSetup): Promise<CargoEnvironment> {
  const { checksQueries = true, env, compileEnv = env } = setup;
  return { ...colourOf(setup), ...(checksQueries ? await offlineMode(setup) : {}), ...compileEnv };
}

function colourOf({ colour = false }: CargoSetup): CargoEnvironment {
  return { CARGO_TERM_COLOR: process.env['CARGO_TERM_COLOR'] ?? (colour ? 'always' : 'never') };
}

async function offlineMode({ workspaceRoot, crate }: CargoSetup): Promise<CargoEnvironment> {
  const folders = [crate.root, crate.cargoRoot].map((folder) => join(workspaceRoot, folder, '.sqlx'));
  const offline = (await Promise.all(folders.map(exists))).some(Boolean);
  return { SQLX_OFFLINE: offline ? 'true' : process.env['SQLX_OFFLINE'] };
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
