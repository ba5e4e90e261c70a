import { realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readFolder } from '../crate-layout';
import { isCache } from '../list-manifests';
import { isBelow } from '../workspace-members';

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
  const folders = [folder];
  for (let current = folders.pop(); current !== undefined; current = folders.pop()) {
    if (current !== folder && !isWanted(current)) continue;
    if (skip.has(current) && current !== top) continue;
    for (const entry of readFolder(current)) {
      const path = join(current, entry.name);
      const kind = entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry;
      if (kind?.isFile()) files.push(path);
      // A link to a folder above would never end.
      else if (kind?.isDirectory() && !(kind !== entry && isBelow(folder, realpathSync(path))))
        folders.push(path);
    }
    if (files.length > most) return undefined;
  }
  return files.sort();
}
