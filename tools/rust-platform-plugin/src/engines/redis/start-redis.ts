import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '../../process/process-identity';
import { isAlive } from '../../process/process-identity';
import { spawnDetached } from '../../process/run';
import { DEPS_HOST } from '../deps/deps-state';
import { portRaced, serverDied, serverNotReady } from '../deps/server-errors';
import { rotateServerLog, sizeOfServerLog, tailServerLog } from '../deps/server-log';
import { waitUntil } from '../deps/wait-until';
import { probeRedis } from './probe-redis';
import type { RedisBinary } from './redis-binaries';
import { formatRedisUrl } from './redis-url';

export interface StartRedisRequest {
  binary: RedisBinary;
  /** Folder of one flavour and major version; `data` is made in it. */
  folder: string;
  port: number;
  password: string | undefined;
  /** Called as soon as there is a process, before it answers. */
  onSpawned: (identity: ProcessIdentity) => Promise<void>;
  signal?: AbortSignal;
}

const READY_MS = 60_000;

/** Starts the server outside our process tree and waits until it answers a query. */
export async function startRedis(
  request: StartRedisRequest,
): Promise<{ identity: ProcessIdentity; logFile: string }> {
  const { binary, folder, port } = request;
  const logFile = join(folder, 'server.log');
  const configFile = join(folder, 'redis.conf');
  await mkdir(join(folder, 'data'), { recursive: true, mode: 0o700 });
  // The password travels in a file that only we can read: argv is public.
  await writeFile(
    configFile,
    redisConfig({ port, directory: join(folder, 'data'), password: request.password }),
    { mode: 0o600 },
  );
  await rotateServerLog(logFile);
  const offset = await sizeOfServerLog(logFile);
  const identity = await spawnDetached({
    command: binary.server,
    args: [configFile],
    cwd: join(folder, 'data'),
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    stdoutFile: logFile,
    stderrFile: logFile,
  });
  await request.onSpawned(identity);
  const ready = await waitUntilReady(request, identity);
  if (ready === 'ready') return { identity, logFile };
  const log = await tailServerLog(logFile, offset);
  if (ready === 'timeout') throw serverNotReady('redis', READY_MS, log);
  if (/Address already in use|Failed listening/i.test(log)) throw portRaced(port);
  throw serverDied('redis', log, logFile);
}

/** Persistence on, so that data outlives a stop (snapshot and log) and a kill (log, at most one second is lost). */
export function redisConfig({
  port,
  directory,
  password,
}: {
  port: number;
  directory: string;
  password: string | undefined;
}): string {
  return [
    `bind ${DEPS_HOST}`,
    `port ${port}`,
    'protected-mode yes',
    'daemonize no',
    `dir ${quote(directory)}`,
    'save 60 1',
    'appendonly yes',
    'appendfsync everysec',
    ...(password === undefined ? [] : [`requirepass ${quote(password)}`]),
    '',
  ].join('\n');
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

async function waitUntilReady(
  { port, password, signal }: StartRedisRequest,
  identity: ProcessIdentity,
): Promise<'ready' | 'died' | 'timeout'> {
  const url = formatRedisUrl({ host: DEPS_HOST, port, user: undefined, password, database: 0 });
  const outcome = await waitUntil<'ready' | 'died'>(
    async () => {
      if (!(await isAlive(identity))) return 'died';
      const facts = await probeRedis(url, 2_000).catch(() => undefined);
      // A stranger on the port would answer as well; the pid tells them apart.
      return facts?.processId === identity.pid ? 'ready' : undefined;
    },
    { timeoutMs: READY_MS, signal },
  );
  return outcome ?? 'timeout';
}
