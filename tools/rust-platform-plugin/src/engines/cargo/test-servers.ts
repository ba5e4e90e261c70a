import { ownIdentity, type ProcessIdentity } from '../../process/process-identity';
import { ensureDeps } from '../deps/ensure-deps';
import { allowedProviders } from '../deps/provider-order';
import type { PlatformOptionsLike } from '../deps/deps-types';
import { createTestDatabase } from '../postgres/create-test-database';
import { findRedisBinary } from '../redis/redis-binaries';
import { createTestRedis, type TestRedis } from '../redis/create-test-redis';
import type { DepsEndpoints, Report, ServerEndpoint } from '../endpoints';
import type { TestServers } from './test-crate';

export interface TestServersRequest {
  workspaceRoot: string;
  options: PlatformOptionsLike;
  needs: ReadonlyArray<'postgres' | 'redis'>;
  /** Nx project name. */
  project: string;
  /** The run that keeps the servers alive. */
  holder: ProcessIdentity;
  env: NodeJS.ProcessEnv;
  allowRemote: boolean;
  report: Report;
  signal?: AbortSignal;
}

/**
 * What the tests of one crate may use: an empty database and a Redis of their own. Black-box tests migrate themselves.
 * Nothing is started for a crate that needs nothing.
 */
export async function startTestServers(request: TestServersRequest): Promise<TestServers> {
  const { needs } = request;
  if (needs.length === 0) return { env: {}, release: async () => undefined };
  const endpoints = await ensureShared(request);
  const undo: Array<() => Promise<void>> = [];
  const env: Record<string, string> = {};
  try {
    if (endpoints.postgres) {
      const database = await createTestDatabase({ ...ownership(request), endpoint: endpoints.postgres });
      undo.push(() => database.drop());
      env['DATABASE_URL'] = database.url;
    }
    if (needs.includes('redis')) {
      const redis = await startRedis(request, endpoints.redis);
      undo.push(() => redis.release());
      Object.assign(env, { REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix });
    }
  } catch (error) {
    await releaseAll(undo).catch(() => undefined);
    throw error;
  }
  return { env, release: () => releaseAll(undo) };
}

async function ensureShared(request: TestServersRequest): Promise<DepsEndpoints> {
  const { needs, holder, env } = request;
  const hasOwnRedis = needs.includes('redis') && (await canStartRedis(env));
  const shared = needs.filter((kind) => kind !== 'redis' || !hasOwnRedis);
  return ensureDeps({ ...request, needs: shared, lifetime: { kind: 'run', holder } });
}

function startRedis(request: TestServersRequest, endpoint: ServerEndpoint | undefined): Promise<TestRedis> {
  const { workspaceRoot, options, env } = request;
  const { stateDirectory } = options;
  return createTestRedis({ ...ownership(request), workspaceRoot, stateDirectory, endpoint, env });
}

function ownership({ project, report, signal }: TestServersRequest) {
  return { owner: ownIdentity(), service: project, report, signal };
}

/** A Redis of one's own needs no shared one; without a binary a database number of the shared one has to do. */
async function canStartRedis(env: NodeJS.ProcessEnv): Promise<boolean> {
  return allowedProviders(env).includes('local') && (await findRedisBinary(env)) !== undefined;
}

/** Every one is released, also when another fails; the first failure is thrown. */
async function releaseAll(undo: Array<() => Promise<void>>): Promise<void> {
  const results = await Promise.allSettled(undo.map((release) => release()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
