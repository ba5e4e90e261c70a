import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Fills `folder` unless it is there. `fill` writes into a temporary folder beside it and throws when what it got does
 * not work; the folder appears complete or not at all. Two at once: the second one's copy is dropped.
 */
export async function fetchOnce(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  if (await isFolder(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const temporary = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  await mkdir(temporary);
  try {
    await fill(temporary);
    await rename(temporary, folder).catch(async (error: unknown) => {
      if (!(await isFolder(folder))) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

export async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
