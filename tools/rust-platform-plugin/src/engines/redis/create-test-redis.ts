import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, PlatformError } from '../../errors';
import { temporaryRoot } from '../../process/private-folder';
import { findFreePort } from '../../process/ports';
import type { ProcessIdentity } from '../../process/process-identity';
import { fetchEmbeddedRedis, isEmbeddedRedisFetched } from '../deps/embedded/embedded-redis';
import { allowedProviders } from '../deps/provider-order';
import type { Report, ServerEndpoint } from '../endpoints';
import { connectSupervisor } from '../supervisor/supervisor-client';
import { claimRedisDatabase } from './claim-redis-database';
import { findRedisBinary, type RedisBinary } from './redis-binaries';

export interface TestRedisRequest {
  workspaceRoot: string;
  /** Default `.rust-platform`. */
  stateDirectory?: string;
  /** When this process is gone a claimed database number is free again. */
  owner: ProcessIdentity;
  /** Nx project name; part of names and of the prefix. */
  service: string;
  /** Used when this machine has no Redis binary: one of its database numbers is claimed. */
  endpoint?: ServerEndpoint;
  env: NodeJS.ProcessEnv;
  report: Report;
  signal?: AbortSignal;
}

export interface TestRedis {
  /** With password when the endpoint has one: redact before printing. */
  url: string;
  /** For services that want one, e.g. `rp_test_1f3a09_shortener:`. */
  prefix: string;
  /** Stops the instance, or empties the claimed database number; safe to call twice. */
  release(): Promise<void>;
}

/**
 * A Redis of one's own: a fresh instance without persistence that dies with this process, even by SIGKILL; where there is
 * no binary, a database number of `endpoint`. Throws `redis-no-database`, `no-test-redis`.
 */
export async function createTestRedis(request: TestRedisRequest): Promise<TestRedis> {
  const prefix = `rp_test_${randomBytes(3).toString('hex')}_${request.service}:`;
  const binary = await findBinary(request);
  if (binary) return { prefix, ...(await startInstance(binary, request)) };
  if (!request.endpoint) throw noTestRedis(request.service);
  const { url, number, release } = await claimRedisDatabase(request.endpoint, request.owner);
  request.report(
    `Redis for ${request.service}: database ${number} of the server on port ${request.endpoint.port}`,
  );
  return { url, prefix, release: once(release) };
}

/** Installed ones first; embedded ones when fetched already, or when there is no server whose database number would do. */
async function findBinary(request: TestRedisRequest): Promise<RedisBinary | undefined> {
  const allowed = allowedProviders(request.env);
  const local = allowed.includes('local') ? await findRedisBinary(request.env) : undefined;
  if (local || !allowed.includes('embedded')) return local;
  const folder = join(request.workspaceRoot, request.stateDirectory ?? '.rust-platform', 'embedded');
  const wanted = !request.endpoint || (await isEmbeddedRedisFetched(folder));
  return wanted ? fetchEmbeddedRedis({ ...request, folder }) : undefined;
}

async function startInstance(
  binary: RedisBinary,
  request: TestRedisRequest,
): Promise<Pick<TestRedis, 'url' | 'release'>> {
  const { workspaceRoot, stateDirectory, service, signal } = request;
  signal?.throwIfAborted();
  const folder = await mkdtemp(join(temporaryRoot(), 'rust-platform-redis-'));
  await chmod(folder, 0o700);
  const client = await connectSupervisor(workspaceRoot, { stateDirectory });
  const port = await findFreePort();
  try {
    const running = await client.start({
      name: `redis for ${service}`,
      project: service,
      purpose: 'dependency',
      command: binary.server,
      args: instanceArguments(port, folder),
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
      port,
      startTimeoutMs: 20_000,
      gracePeriodMs: 5_000,
      logFile: join(folder, 'redis.log'),
      cleanup: { paths: [folder] },
    });
    await running.ready;
    const release = once(async () => {
      await running.stop();
      client.close();
    });
    return { url: `redis://127.0.0.1:${port}/0`, release };
  } catch (error) {
    client.close();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function instanceArguments(port: number, folder: string): string[] {
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    save: '',
    appendonly: 'no',
    daemonize: 'no',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

function noTestRedis(service: string): PlatformError {
  return new PlatformError({
    code: 'no-test-redis',
    what: `the tests of ${service} need a Redis of their own, and there is neither a binary nor a server`,
    fix: ['sudo apt-get install redis-server', 'or give a server: REDIS_URL=redis://127.0.0.1:6379'],
    exitCode: EXIT.preflight,
  });
}
