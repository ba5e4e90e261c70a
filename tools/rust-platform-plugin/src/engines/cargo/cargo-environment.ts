import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { CargoSetup } from './cargo-setup';

export type CargoEnvironment = Record<string, string | undefined>;

/**
 * What cargo gets beyond the environment of the task: colour as the terminal wants it, and sqlx's offline mode where
 * `.sqlx` is committed, so that a result never depends on a database. RUSTC_WRAPPER and the like stay as they are.
 */
export async function cargoEnvironment(setup: CargoSetup): Promise<CargoEnvironment> {
  const { workspaceRoot, crate, colour = false, env = {} } = setup;
  const folders = [crate.root, crate.cargoRoot].map((folder) => join(workspaceRoot, folder, '.sqlx'));
  const offline = (await Promise.all(folders.map(exists))).some(Boolean);
  return {
    CARGO_TERM_COLOR: process.env['CARGO_TERM_COLOR'] ?? (colour ? 'always' : 'never'),
    ...(offline ? { SQLX_OFFLINE: 'true' } : {}),
    ...env,
  };
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
