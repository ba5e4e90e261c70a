import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * A file of ours in Nx's workspace data folder, which `nx reset` empties. Computed here because only `plugin/` may ask
 * Nx; Nx takes the folder from the same variable.
 */
export function workspaceDataFile(
  workspaceRoot: string,
  name: string,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const folder = env['NX_WORKSPACE_DATA_DIRECTORY'] ?? join('.nx', 'workspace-data');
  return join(resolve(workspaceRoot, folder), `rust-platform-${name}.json`);
}

/** `undefined` when it is missing, damaged or not of this shape: a cache is never an error. */
export function readDataFile<T>(file: string, isValid: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isValid(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Atomic, so that a reader in another process never sees half a file. A read-only folder only costs the speed. */
export function writeDataFile(file: string, value: unknown): void {
  const temporary = `${file}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, JSON.stringify(value));
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}
