import { dirname } from 'node:path';
import { PlatformError } from '../../errors';

/** What git leaves behind in a file that it could not merge. */
export function lockHasConflicts(file: string, line: number): PlatformError {
  return new PlatformError({
    code: 'lock-has-conflicts',
    what: `${file}:${line}: a merge left its conflict markers in it`,
    why: 'which versions hold cannot be told, and cargo refuses it too',
    fix: `git checkout --ours -- ${file} && cargo update --workspace --manifest-path ${manifestBeside(file)}`,
  });
}

/** No lock, or one that says something else than cargo would write. */
export function lockUnreadable(file: string, line: number, why: string): PlatformError {
  const place = line > 0 ? `${file}:${line}` : file;
  return new PlatformError({
    code: 'lock-unreadable',
    what: `${place}: ${why}`,
    why: 'what the crates are built from cannot be told, so that none of their results is kept',
    fix: `git checkout -- ${file} && cargo update --workspace --manifest-path ${manifestBeside(file)}`,
  });
}

/** Later versions may mean something else by the same words. */
export const NEWEST_LOCK_VERSION = 4;

export function lockVersionUnknown(file: string, line: number, version: string): PlatformError {
  return lockUnreadable(file, line, `its version ${version} is newer than what this plugin can read`);
}

function manifestBeside(file: string): string {
  const folder = dirname(file);
  return folder === '.' ? 'Cargo.toml' : `${folder}/Cargo.toml`;
}
