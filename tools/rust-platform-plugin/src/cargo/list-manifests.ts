import { existsSync, readFileSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readFolder } from './crate-layout';

/** Folders that Nx never looks into. */
const NEVER = new Set(['node_modules', '.git', '.nx']);

/** The rules of one ignore file. */
export interface IgnoreScope {
  /** Folder of the ignore file, relative, ending in `/`, or empty. */
  base: string;
  rules: Ignore;
}

/**
 * Every Cargo.toml that Nx would hand to the plugin: all of them, without what `.gitignore` (of each folder) and
 * `.nxignore` hide. Relative to the root, sorted. For callers that have no Nx.
 */
export function listManifests(workspaceRoot: string): string[] {
  const found: string[] = [];
  walk(workspaceRoot, '', [], found);
  return found.sort();
}

function walk(root: string, folder: string, outer: IgnoreScope[], found: string[]): void {
  const entries = readFolder(join(root, folder));
  const scopes = [...outer, ...scopesOf(root, folder, entries)];
  for (const entry of entries) {
    const path = folder + entry.name;
    if (entry.isDirectory()) {
      const inner = NEVER.has(entry.name) ? undefined : scopesBeyond(`${path}/`, scopes);
      if (inner && !(entry.name === 'target' && isCache(join(root, path))))
        walk(root, `${path}/`, inner, found);
    } else if (entry.name === 'Cargo.toml' && scopesBeyond(path, scopes)) {
      found.push(path);
    }
  }
}

/** cargo marks its target directory with this file; packages that it unpacks there are no crates of the repository. */
export function isCache(folder: string): boolean {
  return existsSync(join(folder, 'CACHEDIR.TAG'));
}

function scopesOf(root: string, folder: string, entries: Dirent[]): IgnoreScope[] {
  const names = folder === '' ? ['.gitignore', '.nxignore'] : ['.gitignore'];
  return names
    .filter((name) => entries.some((entry) => entry.name === name))
    .map((name) => ({ base: folder, rules: ignore().add(readFileSync(join(root, folder, name), 'utf8')) }));
}

/**
 * The scopes that still hold below a path; `undefined` when it is ignored. The innermost file that says anything decides,
 * and what it takes back from an outer one is taken back for everything below.
 */
export function scopesBeyond(path: string, scopes: IgnoreScope[]): IgnoreScope[] | undefined {
  for (const [index, { base, rules }] of [...scopes.entries()].reverse()) {
    const { ignored, unignored } = rules.test(path.slice(base.length));
    if (ignored) return undefined;
    if (unignored) return scopes.slice(index);
  }
  return scopes;
}
