import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSource } from '../../cargo/cargo-facts';
import { textsAt, type ChangedFiles } from '../../cargo/git-revision';

/** The files of the repository now and at the commit; what did not change is read once, from disk. */
export interface ComparedSources {
  now: FileSource;
  before: FileSource;
}

export async function comparedSources(
  workspaceRoot: string,
  commit: string,
  changes: ChangedFiles,
  isWanted: (path: string) => boolean,
): Promise<ComparedSources> {
  const disk = new Map<string, string | undefined>();
  const now = {
    read(path: string) {
      if (!disk.has(path)) disk.set(path, readOrNothing(join(workspaceRoot, path)));
      return disk.get(path);
    },
  };
  const changed = [...changes.modified, ...changes.deleted].filter(isWanted);
  const texts = await textsAt(workspaceRoot, commit, changed);
  const moved = new Set([...changed, ...changes.added]);
  return { now, before: { read: (path) => (moved.has(path) ? texts.get(path) : now.read(path)) } };
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
