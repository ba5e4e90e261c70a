import { basename, join } from 'node:path';
import { readFolder } from '../crate-layout';
import { isCache } from '../list-manifests';
import { isBelow } from '../workspace-members';
import { tryRealpath, tryStat } from './try-stat';

const NEVER = new Set(['.git', 'node_modules', '.nx']);

export interface FilesBelowOptions {
  /** Folders that are left out, absolute. */
  skip?: ReadonlySet<string>;
  /** Never left out. */
  top?: string;
  /** Give up beyond that many files. */
  most?: number;
}

function isWanted(folder: string): boolean {
  const name = basename(folder);
  return !NEVER.has(name) && !(name === 'target' && isCache(folder));
}

/** All files below a folder, sorted, without version control, npm packages and cargo's output; `undefined`: too many. */
export function filesBelow(folder: string, options: FilesBelowOptions = {}): string[] | undefined {
  const { skip = new Set(), top, most = Infinity } = options;
  const files: string[] = [];
  const folders: Place[] = [{ path: folder, links: [] }];
  for (let current = folders.pop(); current !== undefined; current = folders.pop()) {
    if (current.path !== folder && !isWanted(current.path)) continue;
    if (skip.has(current.path) && current.path !== top) continue;
    for (const entry of readFolder(current.path)) {
      const path = join(current.path, entry.name);
      const kind = entry.isSymbolicLink() ? tryStat(path) : entry;
      if (kind?.isFile()) files.push(path);
      else if (kind?.isDirectory() && kind === entry) folders.push({ path, links: current.links });
      else if (kind?.isDirectory()) folders.push(...throughLink(path, current));
    }
    if (files.length > most) return undefined;
  }
  return files.sort();
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
