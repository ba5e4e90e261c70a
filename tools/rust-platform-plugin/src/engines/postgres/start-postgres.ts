import { join } from 'node:path';
import type { ProcessIdentity } from '../../process/process-identity';
import { isAlive } from '../../process/process-identity';
import { spawnDetached } from '../../process/run';
import { messageOf } from '../message-of';
import { DEPS_HOST } from '../deps/deps-state';
import { portRaced, serverDied, serverNotReady } from '../deps/server-errors';
import { rotateServerLog, sizeOfServerLog, tailServerLog } from '../deps/server-log';
import { waitUntil } from '../deps/wait-until';
import { pgCodeOf } from './connect-postgres';
import { formatPostgresUrl } from './postgres-url';
import { isStillStarting, probePostgres } from './probe-postgres';
import type { PostgresBinaries } from './postgres-binaries';
import type { PostgresCredentials } from './initialise-postgres';
import { removeStalePidFile } from './postmaster-pid';
import type { ServerUser } from './server-user';

export interface StartPostgresRequest {
  binaries: PostgresBinaries;
  /** Real path of the folder of one major version with `data` in it. */
  folder: string;
  port: number;
  user: ServerUser | undefined;
  credentials: PostgresCredentials;
  /** Called as soon as there is a process, before it answers. */
  onSpawned: (identity: ProcessIdentity) => Promise<void>;
  signal?: AbortSignal;
}

const READY_MS = 60_000;
const RETRY_MS = 15_000;

/** Starts the server outside our process tree and waits until it answers a query. */
export async function startPostgres(
  request: StartPostgresRequest,
): Promise<{ identity: ProcessIdentity; logFile: string }> {
  const logFile = join(request.folder, 'server.log');
  const deadline = performance.now() + RETRY_MS;
  for (;;) {
    await removeStalePidFile(join(request.folder, 'data'));
    await rotateServerLog(logFile);
    const offset = await sizeOfServerLog(logFile);
    const identity = await spawnPostmaster(request, logFile);
    await request.onSpawned(identity);
    const ready = await waitUntilReady(request, identity);
    if (ready === 'ready') return { identity, logFile };
    const log = await tailServerLog(logFile, offset);
    if (ready === 'timeout') throw serverNotReady('postgres', READY_MS, log);
    if (/could not bind|Address already in use/i.test(log)) throw portRaced(request.port);
    // After SIGKILL of a postmaster its children hold the old shared memory for a moment.
    if (!/pre-existing shared memory block/.test(log) || performance.now() > deadline) {
      throw serverDied('postgres', log, logFile);
    }
  }
}

async function spawnPostmaster(request: StartPostgresRequest, logFile: string): Promise<ProcessIdentity> {
  const { binaries, folder, port, user } = request;
  const settings = {
    listen_addresses: DEPS_HOST,
    port: String(port),
    unix_socket_directories: '',
    cluster_name: 'rust-platform',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  return spawnDetached({
    command: binaries.postgres,
    args: [
      '-D',
      join(folder, 'data'),
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    cwd: folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    uid: user?.uid,
    gid: user?.gid,
    stdoutFile: logFile,
    stderrFile: logFile,
  });
}

async function waitUntilReady(
  { folder, port, credentials, signal }: StartPostgresRequest,
  identity: ProcessIdentity,
): Promise<'ready' | 'died' | 'timeout'> {
  const url = formatPostgresUrl({ host: DEPS_HOST, port, ...credentials, database: 'postgres' });
  const outcome = await waitUntil<'ready' | 'died'>(
    async () => {
      // Alive first: another server on the same port must not answer for one that has just died.
      if (!(await isAlive(identity))) return 'died';
      try {
        const facts = await probePostgres(url, 2_000);
        return facts.dataDirectory === join(folder, 'data') ? 'ready' : undefined;
      } catch (error) {
        if (isStillStarting(error) || isConnectionRefused(error)) return undefined;
        throw error;
      }
    },
    { timeoutMs: READY_MS, signal },
  );
  return outcome ?? 'timeout';
}

function isConnectionRefused(error: unknown): boolean {
  return /ECONNREFUSED|ECONNRESET|timeout|terminated/i.test(`${pgCodeOf(error) ?? ''} ${messageOf(error)}`);
}
