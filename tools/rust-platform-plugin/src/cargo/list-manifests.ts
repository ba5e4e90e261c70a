import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readFolder } from './crate-layout';

/** Folders that Nx never looks into. */
const NEVER = new Set(['node_modules', '.git', '.nx']);

interface Scope {
  /** Folder of the ignore file, relative, ending in `/`, or empty. */
  base: string;
  rules: Ignore;
}

/**
 * Every Cargo.toml that Nx would hand to the plugin: all of them, without what `.gitignore` (of each folder) and
 * `.nxignore` hide. Relative to the root, sorted. For callers that have no Nx.
 */
export async function listManifests(workspaceRoot: string): Promise<string[]> {
  const found: string[] = [];
  const rootScopes = await scopesOf(workspaceRoot, '', ['.gitignore', '.nxignore']);
  await walk(workspaceRoot, '', rootScopes, found);
  return found.sort();
}

async function walk(root: string, folder: string, scopes: Scope[], found: string[]): Promise<void> {
  for (const entry of readFolder(join(root, folder))) {
    const path = folder + entry.name;
    if (entry.isDirectory()) {
      if (NEVER.has(entry.name) || isIgnored(`${path}/`, scopes) || isCache(join(root, path))) continue;
      const own = await scopesOf(root, `${path}/`, ['.gitignore']);
      await walk(root, `${path}/`, [...scopes, ...own], found);
    } else if (entry.name === 'Cargo.toml' && !isIgnored(path, scopes)) {
      found.push(path);
    }
  }
}

/** cargo marks its target directory with this file; packages that it unpacks there are no crates of the repository. */
export function isCache(folder: string): boolean {
  return existsSync(join(folder, 'CACHEDIR.TAG'));
}

async function scopesOf(root: string, base: string, names: string[]): Promise<Scope[]> {
  const texts = await Promise.all(
    names.map((name) => readFile(join(root, base, name), 'utf8').catch(() => undefined)),
  );
  return texts.filter((text) => text !== undefined).map((text) => ({ base, rules: ignore().add(text) }));
}

/** The innermost file that says anything about a path decides. */
function isIgnored(path: string, scopes: Scope[]): boolean {
  for (const { base, rules } of [...scopes].reverse()) {
    const verdict = rules.test(path.slice(base.length));
    if (verdict.ignored || verdict.unignored) return verdict.ignored;
  }
  return false;
}
