import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../process/run';
import { executableIn, pathFolders } from '../deps/executable-in';

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  /** e.g. `15.20`. */
  version: string;
}

/** Where packages put them when they are not on PATH: Debian's by version, Homebrew's, Red Hat's (PGDG), Postgres.app. */
const FOLDERS_BY_VERSION = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];
const FOLDERS = [
  '/usr/local/pgsql/bin',
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '/Applications/Postgres.app/Contents/Versions/latest/bin',
];

/** PostgreSQL's server programs of this machine: those on PATH first, then the newest version that is installed. */
export async function findPostgresBinaries(env: NodeJS.ProcessEnv): Promise<PostgresBinaries | undefined> {
  for (const folder of [...pathFolders(env), ...(await versionFolders()), ...FOLDERS]) {
    const found = await binariesIn(folder);
    if (found) return found;
  }
  return undefined;
}

/** Both programs in one folder, or behind a link from it: Debian links `postgres` alone into other folders. */
async function binariesIn(folder: string): Promise<PostgresBinaries | undefined> {
  const postgres = await executableIn(folder, 'postgres');
  const initdb = await executableIn(folder, 'initdb');
  if (postgres === undefined || initdb === undefined) return undefined;
  const version = await postgresVersion(postgres);
  return version === undefined ? undefined : { postgres, initdb, version };
}

/** `undefined` when the program does not run here, e.g. for a missing library. */
export async function postgresVersion(postgres: string): Promise<string | undefined> {
  const { exitCode, stdout } = await run(postgres, ['--version'], { timeoutMs: 10_000 });
  const version = /\(PostgreSQL\) (\S+)/.exec(stdout)?.[1];
  return exitCode === 0 ? version : undefined;
}

async function versionFolders(): Promise<string[]> {
  const found: Array<{ version: number; folder: string }> = [];
  for (const parent of FOLDERS_BY_VERSION) {
    for (const name of await readdir(parent).catch(() => [] as string[])) {
      const version = /^(?:postgresql@)?(\d+)$/.exec(name)?.[1];
      if (version !== undefined) found.push({ version: Number(version), folder: join(parent, name, 'bin') });
    }
  }
  return [
    ...found.sort((a, b) => b.version - a.version).map(({ folder }) => folder),
    ...(await pgdgFolders()),
  ];
}

async function pgdgFolders(): Promise<string[]> {
  const names = await readdir('/usr').catch(() => [] as string[]);
  return names
    .filter((name) => /^pgsql-\d+$/.test(name))
    .sort()
    .reverse()
    .map((name) => join('/usr', name, 'bin'));
}
