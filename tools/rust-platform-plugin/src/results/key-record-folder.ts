import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_STATE_DIRECTORY } from './run-folder';

/** As many as the runs that are kept can name, each a record of keys, one of Nx's inputs and sometimes a lock. */
const KEPT_FILES = 120;
/** So that not every run looks at the age of everything. */
const SLACK = 40;

/** `<state>/keys`: what the keys of the kept runs were made of. */
export function keysDirectory(workspaceRoot: string, stateDirectory = DEFAULT_STATE_DIRECTORY): string {
  return join(workspaceRoot, stateDirectory, 'keys');
}

/** Removes what no run has named for the longest time: each run renews the age of what it names. */
export async function pruneKeyFiles(workspaceRoot: string, stateDirectory?: string): Promise<void> {
  const folder = keysDirectory(workspaceRoot, stateDirectory);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name !== 'salt');
  if (names.length <= KEPT_FILES + SLACK) return;
  const aged = await Promise.all(
    names.map(async (name) => ({ name, time: await ageOf(join(folder, name)) })),
  );
  const doomed = aged.sort((a, b) => b.time - a.time).slice(KEPT_FILES);
  await Promise.all(doomed.map(({ name }) => rm(join(folder, name), { force: true })));
}

async function ageOf(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
