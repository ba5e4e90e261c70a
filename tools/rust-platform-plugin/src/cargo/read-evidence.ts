import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CargoPackage } from './cargo-workspace';
import { readFolder } from './crate-layout';

/** What the files of a crate say about it. Paths are relative to the crate, with `/`. */
export interface CrateEvidence {
  /** `migrations`, when it holds files that are named as sqlx names them. */
  migrations: string | undefined;
  /** `.http` files in `api/`, sorted. */
  apiTests: string[];
  /** `bench/scenarios.toml`. */
  scenarios: string | undefined;
  dockerfile: string | undefined;
  /** Unit tests that ask sqlx for a database: `#[sqlx::test]`. */
  databaseTests: boolean;
  /** Name in the crate's project.json. */
  projectName: string | undefined;
}

/** @param names of everything in its folder, where they are known */
export function readEvidence(crate: CargoPackage, names?: ReadonlySet<string>): CrateEvidence {
  const entries = names ?? new Set(readFolder(crate.root).map(({ name }) => name));
  const usesSqlx = crate.dependencies.some(({ name }) => name === 'sqlx');
  return {
    migrations:
      entries.has('migrations') && holdsMigrations(join(crate.root, 'migrations')) ? 'migrations' : undefined,
    apiTests: entries.has('api') ? httpFiles(crate.root, 'api') : [],
    scenarios: entries.has('bench') ? scenarios(crate.root) : undefined,
    dockerfile: entries.has('Dockerfile') ? 'Dockerfile' : undefined,
    databaseTests: usesSqlx && entries.has('src') && hasDatabaseTests(join(crate.root, 'src')),
    projectName: entries.has('project.json') ? projectName(crate.root) : undefined,
  };
}

/** All `.http` files below a folder of the crate. */
export function httpFiles(root: string, folder: string): string[] {
  return readFolder(join(root, folder))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return httpFiles(root, path);
      return entry.name.endsWith('.http') ? [path] : [];
    })
    .sort();
}

/** `<version>_<description>.sql`, or `.up.sql` for reversible ones. */
export function holdsMigrations(folder: string): boolean {
  return readFolder(folder).some(({ name }) => /^\d+_.+\.sql$/.test(name));
}

function scenarios(root: string): string | undefined {
  return readFolder(join(root, 'bench')).some(({ name }) => name === 'scenarios.toml')
    ? 'bench/scenarios.toml'
    : undefined;
}

function hasDatabaseTests(folder: string): boolean {
  return readFolder(folder).some((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return hasDatabaseTests(path);
    return entry.name.endsWith('.rs') && readFileSync(path, 'utf8').includes('sqlx::test');
  });
}

function projectName(root: string): string | undefined {
  try {
    const text = readFileSync(join(root, 'project.json'), 'utf8');
    // With comments, as Nx reads it. Loaded only here: few crates have one.
    const { parse } = require('jsonc-parser') as typeof import('jsonc-parser');
    const { name } = parse(text) as { name?: unknown };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
