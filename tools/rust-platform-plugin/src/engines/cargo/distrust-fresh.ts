import { createHash } from 'node:crypto';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CargoSetup } from './cargo-setup';
import { readSourceFiles, type SourceFile } from './source-files';

/** What the last cargo of this kind saw; lies in the target directory, so it goes where cargo's own memory goes. */
interface SeenSources {
  /** Milliseconds since the epoch. */
  startedAt: number;
  tracked: Record<string, string>;
  untracked: string;
}

/**
 * Makes cargo compile what it would wrongly call fresh: a source with other content but an old time (rsync, a restored
 * target directory), or a changed input that it does not track (a new clippy.toml, migration or query file). Such files,
 * or the sources of the crate, get the present time. Call it under the lock; `remember` afterwards.
 */
export async function distrustFresh(
  setup: CargoSetup,
  command: string,
): Promise<{ remember(): Promise<void> }> {
  const { workspaceRoot, crate, sources = [crate.root] } = setup;
  const startedAt = Date.now();
  const folders = sources.map((folder) => join(workspaceRoot, folder));
  const files = await readSourceFiles(workspaceRoot, folders);
  const untracked = digest(files.untracked);
  const memory = join(crate.targetDirectory, 'rust-platform', `${crate.packageName}-${command}.json`);
  const seen = await readSeen(memory);
  if (seen) {
    const missed =
      seen.untracked === untracked ? files.tracked.filter((file) => isMissed(file, seen)) : files.tracked;
    const now = new Date();
    await Promise.all(missed.map(({ path }) => utimes(path, now, now)));
  }
  const tracked = Object.fromEntries(files.tracked.map(({ path, sha256 }) => [path, sha256]));
  return { remember: () => writeSeen(memory, { startedAt, tracked, untracked }) };
}

function isMissed({ path, sha256, mtimeMs }: SourceFile, seen: SeenSources): boolean {
  const before = seen.tracked[path];
  return before !== undefined && before !== sha256 && mtimeMs <= seen.startedAt;
}

function digest(files: SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of files) hash.update(`${path}\0${sha256}\0`);
  return hash.digest('hex');
}

async function readSeen(file: string): Promise<SeenSources | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as SeenSources;
  } catch {
    return undefined;
  }
}

async function writeSeen(file: string, seen: SeenSources): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(seen));
}
