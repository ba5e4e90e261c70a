import { existsSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** What cargo's target discovery looks at in a crate's folder, and nothing else: other files must not change a key. */
export interface CrateLayout {
  /** Those of `src/`, `tests/`, `benches/`, `examples/` and `build.rs` that exist. */
  entries: string[];
  /** `lib.rs`, `main.rs` that exist in `src`. */
  src: string[];
  /** Auto-discovered targets by folder: name → path relative to the crate. */
  discovered: Record<TargetFolder, Record<string, string>>;
}

export type TargetFolder = 'src/bin' | 'tests' | 'benches' | 'examples';

export const TARGET_FOLDERS: TargetFolder[] = ['src/bin', 'tests', 'benches', 'examples'];

const LOOKED_AT = ['src/', 'tests/', 'benches/', 'examples/', 'build.rs'];

export function readCrateLayout(folder: string, all: readonly Dirent[] = readFolder(folder)): CrateLayout {
  const entries = all
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => LOOKED_AT.includes(name));
  const src = entries.includes('src/') ? readFolder(join(folder, 'src')).map((entry) => entry.name) : [];
  const discovered = Object.fromEntries(
    TARGET_FOLDERS.map((name) => [name, isThere(name, entries, src) ? discover(folder, name) : {}]),
  ) as CrateLayout['discovered'];
  return {
    entries: entries.sort(),
    src: src.filter((name) => name === 'lib.rs' || name === 'main.rs').sort(),
    discovered,
  };
}

/**
 * Synchronous, as everything that inference reads: some hundred small folders and files take a third of the time that the
 * promise API needs.
 */
export function readFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isThere(folder: TargetFolder, entries: string[], src: string[]): boolean {
  return folder === 'src/bin' ? src.includes('bin') : entries.includes(`${folder}/`);
}

/** cargo's rule: `<folder>/<name>.rs` and `<folder>/<name>/main.rs`, nothing that starts with a dot. */
function discover(root: string, folder: TargetFolder): Record<string, string> {
  const found: Record<string, string> = {};
  const entries = readFolder(join(root, folder)).filter(({ name }) => !name.startsWith('.'));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`;
    if (entry.name.endsWith('.rs')) found[entry.name.slice(0, -3)] = path;
    else if (!entry.isFile() && existsSync(join(root, path, 'main.rs')))
      found[entry.name] = `${path}/main.rs`;
  }
  return found;
}
