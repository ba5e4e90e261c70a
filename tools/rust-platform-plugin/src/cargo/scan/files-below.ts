import { readdirSync, type Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import { isCache } from '../list-manifests';
import { isBelow } from '../workspace-members';
import { isLossy, onDisk, realNames } from './disk-path';
import { tryRealpath, tryStat } from './try-stat';

const NEVER = new Set(['.git', 'node_modules', '.nx']);

export interface FilesBelowOptions {
  /** Folders that are left out, absolute. */
  skip?: ReadonlySet<string>;
  /** Never left out. */
  top?: string;
  /** Give up beyond that many files. */
  most?: number;
  /** Told of each folder that exists and cannot be listed. */
  onUnreadable?: (folder: string, why: string) => void;
}

function isWanted(folder: string): boolean {
  const name = basename(folder);
  return !NEVER.has(name) && !(name === 'target' && isCache(folder));
}

/**
 * All files below a folder, sorted, without version control, npm packages and cargo's output; `undefined`: too many. Names
 * that are no UTF-8 are as `disk-path.ts` writes them.
 */
export function filesBelow(folder: string, options: FilesBelowOptions = {}): string[] | undefined {
  const { skip = new Set(), top, most = Infinity } = options;
  const files: string[] = [];
  const folders: Place[] = [{ path: folder, links: [] }];
  for (let current = folders.pop(); current !== undefined; current = folders.pop()) {
    if (current.path !== folder && !isWanted(current.path)) continue;
    if (skip.has(current.path) && current.path !== top) continue;
    for (const { entry, name } of entriesOf(current.path, options)) {
      const path = join(current.path, name);
      const kind = entry.isSymbolicLink() ? tryStat(path) : entry;
      if (kind?.isFile()) files.push(path);
      else if (kind?.isDirectory() && kind === entry) folders.push({ path, links: current.links });
      else if (kind?.isDirectory()) folders.push(...throughLink(path, current));
    }
    if (files.length > most) return undefined;
  }
  return files.sort();
}

/** Synchronous, as `readFolder`. */
function entriesOf(
  folder: string,
  { onUnreadable }: FilesBelowOptions,
): Array<{ entry: Dirent; name: string }> {
  try {
    const entries = readdirSync(onDisk(folder) as string, { withFileTypes: true });
    if (!entries.some(({ name }) => isLossy(name)))
      return entries.map((entry) => ({ entry, name: entry.name }));
    const names = realNames(folder);
    return entries.map((entry) => ({ entry, name: names.get(entry.name)?.shift() ?? entry.name }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') onUnreadable?.(folder, code ?? String(error));
    return [];
  }
}

interface Place {
  path: string;
  /** Real paths of the links on the way. */
  links: string[];
}

/** A link to a folder on the way to it would never end. */
function throughLink(path: string, { path: parent, links }: Place): Place[] {
  const target = tryRealpath(path);
  const real = tryRealpath(parent);
  if (target === undefined || real === undefined) return [];
  const isCircle = [real, ...links].some((place) => isBelow(place, target));
  return isCircle ? [] : [{ path, links: [...links, target, real] }];
}
