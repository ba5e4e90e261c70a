import { chown, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endTree } from '../process/end-tree';
import { temporaryRoot } from '../process/private-folder';
import { findFreePort } from '../process/ports';
import { isAlive, ownIdentity, type ProcessIdentity } from '../process/process-identity';
import { stopProcess } from '../engines/deps/stop-process';
import { readJson } from '../engines/deps/write-json';
import type { ServerEndpoint } from '../engines/endpoints';
import { initialisePostgres } from '../engines/postgres/initialise-postgres';
import { findPostgresBinaries } from '../engines/postgres/postgres-binaries';
import { formatPostgresUrl } from '../engines/postgres/postgres-url';
import { postgresServerUser } from '../engines/postgres/server-user';
import { startPostgres } from '../engines/postgres/start-postgres';
import { findRedisBinary } from '../engines/redis/redis-binaries';
import { startRedis } from '../engines/redis/start-redis';

/** A server on a free port with a data folder of its own in the temporary one. */
export interface PrivateServer extends ServerEndpoint {
  pid: number;
  /** Ends the server and deletes its data. */
  stop(): Promise<void>;
}

const PREFIX = 'rust-platform-test-';

/** `undefined`, with the reason on the console, when this machine has no PostgreSQL; throws in CI. */
export async function startPrivatePostgres(): Promise<PrivateServer | undefined> {
  const binaries = await findPostgresBinaries(process.env);
  if (!binaries) return skip('PostgreSQL (postgres and initdb)');
  const user = await postgresServerUser();
  const { folder, onSpawned } = await createFolder('postgres');
  if (user) await chown(folder, user.uid, user.gid);
  const credentials = await initialisePostgres({
    binaries,
    folder,
    user,
    credentials: { user: 'tester', password: 'p@ss/word' },
  });
  const port = await findFreePort();
  const { identity } = await startPostgres({ binaries, folder, port, user, credentials, onSpawned });
  const url = formatPostgresUrl({ host: '127.0.0.1', port, ...credentials, database: 'postgres' });
  const stop = () => stopServer(folder, { identity, port, signal: 'SIGINT' });
  return { ...endpoint('postgres', port, url, binaries.version), ...credentials, pid: identity.pid, stop };
}

/** `undefined`, with the reason on the console, when this machine has no Redis or Valkey; throws in CI. */
export async function startPrivateRedis(): Promise<PrivateServer | undefined> {
  const binary = await findRedisBinary(process.env);
  if (!binary) return skip('Redis (redis-server or valkey-server)');
  const { folder, onSpawned } = await createFolder('redis');
  const port = await findFreePort();
  const { identity } = await startRedis({ binary, folder, port, password: undefined, onSpawned });
  const stop = () => stopServer(folder, { identity, port, signal: 'SIGTERM' });
  return {
    ...endpoint('redis', port, `redis://127.0.0.1:${port}/0`, binary.version),
    pid: identity.pid,
    stop,
  };
}

function endpoint(kind: ServerEndpoint['kind'], port: number, url: string, version: string): ServerEndpoint {
  const none = { user: undefined, password: undefined };
  return { kind, provider: 'local', host: '127.0.0.1', port, ...none, url, version, owned: true };
}

/** A folder that names its owner, so that servers of a killed test run are ended by the next one. */
async function createFolder(kind: string) {
  await endLeftOvers();
  const folder = await realpath(await mkdtemp(join(temporaryRoot(), `${PREFIX}${kind}-`)));
  const onSpawned = async (server: ProcessIdentity): Promise<void> => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'owner.json'), JSON.stringify({ owner: ownIdentity(), server }));
  };
  return { folder, onSpawned };
}

async function endLeftOvers(): Promise<void> {
  for (const name of await readdir(temporaryRoot())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(temporaryRoot(), name);
    const noted = (await readJson(join(folder, 'owner.json'))) as
      { owner: ProcessIdentity; server: ProcessIdentity } | undefined;
    if (!noted || (await isAlive(noted.owner))) continue;
    await endTree(noted.server, { graceMs: 2_000 });
    await rm(folder, { recursive: true, force: true });
  }
}

async function stopServer(
  folder: string,
  server: { identity: ProcessIdentity; port: number; signal: 'SIGINT' | 'SIGTERM' },
): Promise<void> {
  await stopProcess({ ...server, graceMs: 20_000 });
  await rm(folder, { recursive: true, force: true });
}

function skip(what: string): undefined {
  if (process.env['CI']) throw new Error(`${what} is not installed; in CI it must be`);
  process.stderr.write(`skipped: ${what} is not installed\n`);
  return undefined;
}
