import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export interface SourceFile {
  path: string;
  sha256: string;
  mtimeMs: number;
  /** Nobody can set it back. */
  ctimeMs: number;
}

/** What the compiler sees of a crate, in two groups by whether cargo notices a change of it. */
export interface SourceFiles {
  /** Rust sources: noticed by their time only. */
  tracked: SourceFile[];
  /** Migrations, query data and, for clippy, its settings: creation, and often an edit, is not noticed at all. */
  untracked: SourceFile[];
}

const SKIPPED_FOLDERS = /^(?:target|node_modules|\.(?!sqlx$).*)$/u;
const UNTRACKED = /^(?:migrations|\.sqlx)\/|^sqlx\.toml$/u;
const CLIPPY_SETTINGS = ['clippy.toml', '.clippy.toml'];

/**
 * `folder`: absolute. Files of crates nested in it are left out. `all`: also what sqlx may read, for whoever does not know
 * whether it does.
 */
export async function readSourceFiles(
  workspaceRoot: string,
  folder: string,
  { command, all }: { command: string; all: boolean },
): Promise<SourceFiles> {
  const names = await listFiles(folder);
  const above = ancestorsOf(folder);
  const isInside = (place: string): boolean => `${place}/`.startsWith(`${workspaceRoot}/`);
  const queries = await Promise.all(
    above
      .filter(isInside)
      .map(async (place) =>
        (await listFiles(join(place, '.sqlx'))).map((name) => join(place, '.sqlx', name)),
      ),
  );
  const untracked = [
    ...names.filter((name) => all && UNTRACKED.test(name)).map((name) => join(folder, name)),
    ...queries.flat(),
    ...(command === 'clippy' ? clippySettings([folder, ...above]) : []),
  ];
  const tracked = names.filter((name) => name.endsWith('.rs')).map((name) => join(folder, name));
  return { tracked: await readAll(tracked), untracked: await readAll(untracked) };
}

/** clippy looks in every folder above, also outside the repository, unless it is told where. */
function clippySettings(folders: string[]): string[] {
  const named = process.env['CLIPPY_CONF_DIR'];
  return [...folders, ...(named ? folders.map((folder) => resolve(folder, named)) : [])].flatMap((place) =>
    CLIPPY_SETTINGS.map((name) => join(place, name)),
  );
}

async function listFiles(folder: string): Promise<string[]> {
  return list({ folder, prefix: '', passed: [] });
}

interface Walk {
  folder: string;
  prefix: string;
  /** Real paths on the way: a link to one of them would never end. */
  passed: string[];
}

async function list({ folder, prefix, passed }: Walk): Promise<string[]> {
  const here = join(folder, prefix);
  const entries = await readdir(here, { withFileTypes: true }).catch(() => []);
  const isNestedCrate = prefix !== '' && entries.some(({ name }) => name === 'Cargo.toml');
  if (isNestedCrate) return [];
  const real = await realpath(here).catch(() => here);
  const isCircle = passed.includes(real);
  const lists = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      const kind = entry.isSymbolicLink() ? await stat(join(here, entry.name)).catch(() => undefined) : entry;
      if (kind?.isFile()) return [`${prefix}${entry.name}`];
      if (!kind?.isDirectory() || isCircle || SKIPPED_FOLDERS.test(entry.name)) return [];
      return list({ folder, prefix: `${prefix}${entry.name}/`, passed: [...passed, real] });
    }),
  );
  return lists.flat().sort();
}

async function readAll(paths: string[]): Promise<SourceFile[]> {
  return (await Promise.all(paths.map(readSource))).flat();
}

/** Nothing of a file that is not there; what cannot be read is for the compiler to say. */
async function readSource(path: string): Promise<SourceFile[]> {
  try {
    const [content, { mtimeMs, ctimeMs }] = await Promise.all([readFile(path), stat(path)]);
    return [{ path, sha256: createHash('sha256').update(content).digest('hex'), mtimeMs, ctimeMs }];
  } catch {
    return [];
  }
}

function ancestorsOf(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...ancestorsOf(parent)];
}
