import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where packages put PostgreSQL when it is not on PATH: Debian's by version, Homebrew's, Red Hat's, Postgres.app. */
const FOLDERS_BY_VERSION = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];
const POSTGRES_FOLDERS = [
  '/usr/local/pgsql/bin',
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '/Applications/Postgres.app/Contents/Versions/latest/bin',
];
const REDIS_FOLDERS = [
  '/usr/bin',
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/redis/bin',
  '/opt/homebrew/opt/valkey/bin',
];

/** Programs that may be the PostgreSQL of this machine, in the order in which the executors try them. */
export function postgresPrograms(env: NodeJS.ProcessEnv): string[] {
  return [...onPath(env), ...folderByVersion(), ...pgdg(), ...POSTGRES_FOLDERS]
    .filter((folder) => isProgram(join(folder, 'postgres')) && isProgram(join(folder, 'initdb')))
    .map((folder) => join(folder, 'postgres'));
}

export function redisPrograms(env: NodeJS.ProcessEnv): string[] {
  return ['redis-server', 'valkey-server'].flatMap((name) =>
    [...onPath(env), ...REDIS_FOLDERS].map((folder) => join(folder, name)).filter(isProgram),
  );
}

function onPath(env: NodeJS.ProcessEnv): string[] {
  return (env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
}

function folderByVersion(): string[] {
  const found = FOLDERS_BY_VERSION.flatMap((parent) =>
    namesIn(parent).flatMap((name) => {
      const version = /^(?:postgresql@)?(\d+)$/.exec(name)?.[1];
      return version === undefined ? [] : [{ version: Number(version), folder: join(parent, name, 'bin') }];
    }),
  );
  return found.sort((a, b) => b.version - a.version).map(({ folder }) => folder);
}

function pgdg(): string[] {
  const names = namesIn('/usr').filter((name) => /^pgsql-\d+$/.test(name));
  return names
    .sort()
    .reverse()
    .map((name) => join('/usr', name, 'bin'));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
