import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { parseLock } from '../cargo/lock/parse-lock';
import type { RustCrate } from '../service-model/service-model';

/** By file, for all crates of a batch. */
const checked = new Map<string, Promise<void>>();

/**
 * Throws `lock-has-conflicts` or `lock-unreadable`, with the line, where cargo would only say that it cannot parse. A lock
 * that is missing, stale or names what it does not hold is cargo's verdict.
 */
export function assertReadableLock(workspaceRoot: string, { cargoRoot, lockFile }: RustCrate): Promise<void> {
  const file = lockFile ?? posix.join(cargoRoot, 'Cargo.lock');
  const path = join(workspaceRoot, file);
  const known = checked.get(path) ?? check(path, file);
  checked.set(path, known);
  return known;
}

async function check(path: string, file: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined) parseLock(text, file);
}
