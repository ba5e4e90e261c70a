import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Ingredient, IngredientGroup, KeyRecord } from '../../results/key-record';
import type { RustCrate, ServiceModel } from '../../service-model/service-model';
import { ownFile } from '../../cargo/scan/own-files';
import { isCargoFile } from './changed-cargo-files';

const OF_FILES: readonly IngredientGroup[] = ['source', 'file'];

/** Files that keys read and that are in no file set of the targets concerned: included from elsewhere, READMEs, learned. */
export function filesBeyond(record: KeyRecord, { crates }: ServiceModel, workspaceRoot: string): string[] {
  const byRoot = new Map(crates.map((crate) => [crate.root, crate]));
  const found = new Set<string>();
  for (const [part, projects] of projectsByPart(record)) {
    for (const ingredient of record.parts[part] ?? []) {
      const file = fileOf(ingredient, workspaceRoot);
      if (file === undefined || file.startsWith('..') || isCargoFile(file)) continue;
      if (isBeyond(file, ownerOf(file, byRoot), projects)) found.add(file);
    }
  }
  return [...found].sort();
}

/** Of a file that counts value by value, the name begins with its path: `.cargo/config.toml [build]`, `.env:NAME`. */
function fileOf({ group, name }: Ingredient, workspaceRoot: string): string | undefined {
  if (OF_FILES.includes(group)) return name;
  if (group === 'environment') return /^(.*\.env[^:]*):/.exec(name)?.[1];
  if (group !== 'config' && group !== 'server') return undefined;
  const ends = [...name.matchAll(/ |$/g)].map(({ index }) => index);
  return ends.map((end) => name.slice(0, end)).find((path) => existsSync(join(workspaceRoot, path)));
}

function isBeyond(file: string, owner: RustCrate | undefined, projects: ReadonlySet<string>): boolean {
  if (!owner) return true;
  const path = posix.relative(owner.root, file);
  const isHeld = ownFile(path, owner) !== undefined || isOfService(file, owner);
  const isOwn = !projects.has(owner.project) || isHeld;
  const isOnlyOwn = projects.size === 1 && projects.has(owner.project);
  return !isOwn || !(isOnlyOwn || isSource(path));
}

/** What the file sets of a service hold beside its sources. */
function isOfService(file: string, { root, service }: RustCrate): boolean {
  const tests = (service?.apiTests ?? []).map((test) => posix.dirname(test));
  const folders = [posix.join(root, 'api'), ...tests, ...(service?.migrations ? [service.migrations] : [])];
  return folders.some((folder) => file.startsWith(`${folder}/`));
}

/** What the file sets of dependants hold. */
function isSource(path: string): boolean {
  return path.startsWith('src/') || /^[^/]+\.rs$/.test(path);
}

function projectsByPart({ keys }: KeyRecord): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [key, parts] of Object.entries(keys)) {
    const project = key.slice(0, key.lastIndexOf(':'));
    for (const part of parts) found.set(part, (found.get(part) ?? new Set()).add(project));
  }
  return found;
}

function ownerOf(file: string, byRoot: ReadonlyMap<string, RustCrate>): RustCrate | undefined {
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    const found = byRoot.get(folder);
    if (found || folder === '.') return found;
  }
}
