import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from './cargo-environment';

export interface SourceFile {
  path: string;
  sha256: string;
  mtimeMs: number;
}

/** What the compiler sees of crates, in two groups by whether cargo notices a change of it. */
export interface SourceFiles {
  /** Rust sources: noticed by their time only. */
  tracked: SourceFile[];
  /** Lint configuration, migrations and query data: creation, and often an edit, is not noticed at all. */
  untracked: SourceFile[];
}

const SKIPPED_FOLDERS = /^(?:target|node_modules|\.(?!sqlx$).*)$/u;
const UNTRACKED = /^(?:migrations|\.sqlx)\/|^(?:sqlx|\.?clippy)\.toml$/u;
const WORKSPACE_WIDE = ['clippy.toml', '.clippy.toml'];

/** `folders`: absolute crate folders below `workspaceRoot`. Files of crates nested in them are left out. */
export async function readSourceFiles(
  workspaceRoot: string,
  folders: readonly string[],
): Promise<SourceFiles> {
  const files: SourceFiles = { tracked: [], untracked: [] };
  for (const folder of folders) {
    for (const name of await listFiles(folder, '')) {
      const group = name.endsWith('.rs') ? files.tracked : UNTRACKED.test(name) ? files.untracked : undefined;
      group?.push(await readSource(join(folder, name)));
    }
  }
  for (const folder of ancestorsOf(folders, workspaceRoot)) {
    const names = [
      ...WORKSPACE_WIDE,
      ...(await listFiles(join(folder, '.sqlx'), '')).map((name) => `.sqlx/${name}`),
    ];
    for (const path of names.map((name) => join(folder, name))) {
      if (await exists(path)) files.untracked.push(await readSource(path));
    }
  }
  return files;
}

async function listFiles(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true }).catch(() => []);
  const isNestedCrate = prefix !== '' && entries.some(({ name }) => name === 'Cargo.toml');
  if (isNestedCrate) return [];
  const lists = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      if (entry.isFile()) return [`${prefix}${entry.name}`];
      if (!entry.isDirectory() || SKIPPED_FOLDERS.test(entry.name)) return [];
      return listFiles(folder, `${prefix}${entry.name}/`);
    }),
  );
  return lists.flat().sort();
}

async function readSource(path: string): Promise<SourceFile> {
  const [content, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
  return { path, sha256: createHash('sha256').update(content).digest('hex'), mtimeMs };
}

/** Folders above the crates, up to the workspace root: clippy and sqlx look there as well. */
function ancestorsOf(folders: readonly string[], workspaceRoot: string): string[] {
  const found = new Set<string>();
  for (const folder of folders) {
    for (let parent = folder; parent.startsWith(`${workspaceRoot}/`);) {
      parent = dirname(parent);
      found.add(parent);
    }
  }
  return [...found].filter((folder) => !folders.includes(folder)).sort();
}
