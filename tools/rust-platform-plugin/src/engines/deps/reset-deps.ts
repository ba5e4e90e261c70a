import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../endpoints';
import { removeOwnContainers } from '../docker/remove-own-containers';
import { checkoutLock } from '../locks';
import { temporaryBase } from '../postgres/data-place';
import { peekCheckout } from './checkout-identity';
import { depsFolder } from './deps-state';
import type { PlatformOptionsLike } from './deps-types';
import { stopDeps } from './stop-deps';

/**
 * Stops this checkout's servers and deletes their data: folders, containers and the volumes of those. The only thing in
 * this project that deletes data; whoever calls it has asked.
 */
export async function resetDeps(
  workspaceRoot: string,
  options: Pick<PlatformOptionsLike, 'stateDirectory'>,
  { report, env = process.env }: { report: Report; env?: NodeJS.ProcessEnv },
): Promise<void> {
  await stopDeps(workspaceRoot, options, { report, env });
  const checkout = await peekCheckout(workspaceRoot, options.stateDirectory);
  if (!checkout) return;
  const lock = await checkoutLock(workspaceRoot, 'deps', { purpose: 'deps reset' });
  try {
    for (const name of await removeOwnContainers(checkout.id, env)) report(`removed ${name}`);
    for (const folder of [
      depsFolder(checkout.root, options.stateDirectory),
      join(temporaryBase(), checkout.id),
    ]) {
      await rm(folder, { recursive: true, force: true });
    }
    report('the data of this checkout’s servers is deleted');
  } finally {
    await lock.release();
  }
}
