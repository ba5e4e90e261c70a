import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { acquireLock, type Lock, type LockRequest } from './acquire-lock';

export type NamedLockRequest = Omit<LockRequest, 'name' | 'mode'>;

/** The quiet of the machine: bench takes it exclusive, everything that runs cargo or makes load takes it shared. */
export function machineLock(mode: LockRequest['mode'], request: NamedLockRequest): Promise<Lock> {
  return acquireLock({ ...request, name: 'machine', mode });
}

/** One cargo at a time per target directory, so that cargo never blocks on its own lock. Exclusive. */
export async function targetDirectoryLock(targetDirectory: string, request: NamedLockRequest): Promise<Lock> {
  return acquireLock({ ...request, name: `target-${await hashOf(targetDirectory)}`, mode: 'exclusive' });
}

/** `what`: the thing in this checkout that is guarded, as a plain name, e.g. `deps`. Exclusive. */
export async function checkoutLock(
  workspaceRoot: string,
  what: string,
  request: NamedLockRequest,
): Promise<Lock> {
  return acquireLock({
    ...request,
    name: `checkout-${await hashOf(workspaceRoot)}-${what}`,
    mode: 'exclusive',
  });
}

/** The same folder through a symbolic link is the same lock, also before the folder exists. */
async function hashOf(folder: string): Promise<string> {
  return createHash('sha256')
    .update(await realFolder(resolve(folder)))
    .digest('hex')
    .slice(0, 16);
}

async function realFolder(folder: string): Promise<string> {
  const real = await realpath(folder).catch(() => undefined);
  if (real !== undefined || folder === dirname(folder)) return real ?? folder;
  return join(await realFolder(dirname(folder)), basename(folder));
}
