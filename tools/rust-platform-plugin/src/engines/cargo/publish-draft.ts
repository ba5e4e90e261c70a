import { createHash } from 'node:crypto';
import { access, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { identityOf, ownIdentity } from '../../process/process-identity';

/** What a build that is replaced is called until it is deleted. */
const OLD = '-old';

/** An empty folder beside `folder`, on the same file system; whoever reads its name can judge whether its maker lives. */
export async function makeDraft(folder: string): Promise<string> {
  const { pid, startTime } = ownIdentity();
  return mkdtemp(join(dirname(folder), `.${basename(folder)}-${pid}-${digest(startTime)}-`));
}

/** Puts the draft in the place of `folder`; the old folder comes back when that fails. */
export async function replaceFolder(draft: string, folder: string): Promise<void> {
  const old = `${draft}${OLD}`;
  const hadOld = await renameIfThere(folder, old);
  try {
    await rename(draft, folder);
  } catch (error) {
    if (hadOld) await rename(old, folder);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/**
 * Deletes what killed builds left beside `folder`. Call it under the lock of the build. One killed between the two steps
 * of replacing took the build away: that one is put back.
 */
export async function sweepDrafts(folder: string): Promise<void> {
  for (const name of await draftsOf(folder)) {
    if (await isMakerAlive(name)) continue;
    const path = join(dirname(folder), name);
    if (name.endsWith(OLD) && !(await exists(folder))) await rename(path, folder);
    else await rm(path, { recursive: true, force: true });
  }
}

/** `folder` has just been moved away and its successor is about to come, or its publisher was killed in between. */
export async function isBeingReplaced(folder: string): Promise<boolean> {
  return (await draftsOf(folder)).some((name) => name.endsWith(OLD));
}

const DRAFT = /-(\d+)-([0-9a-f]{8})-[A-Za-z0-9]{6}(?:-old)?$/;

/** Names, without those of a project whose name only begins alike. */
async function draftsOf(folder: string): Promise<string[]> {
  const own = `.${basename(folder)}`;
  const names = await readdir(dirname(folder)).catch(() => []);
  return names.filter((name) => DRAFT.test(name) && name.replace(DRAFT, '') === own);
}

async function isMakerAlive(name: string): Promise<boolean> {
  const [, pid, start] = DRAFT.exec(name) ?? [];
  const found = await identityOf(Number(pid));
  return found !== undefined && digest(found.startTime) === start;
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
