import type Redis from 'ioredis';
import { EXIT, PlatformError } from '../../errors';
import { redactText, redactUrl } from '../../process/redact';
import { messageOf } from '../message-of';
import { parseRedisUrl } from './redis-url';

/** Opens one connection without retries, hands it to `work` and closes it, also when `work` throws. */
export async function withRedis<T>(
  url: string,
  work: (redis: Redis) => Promise<T>,
  { timeoutMs = 5_000 }: { timeoutMs?: number } = {},
): Promise<T> {
  const { host, port, user, password, database } = parseRedisUrl(url);
  // Loading it takes long, and many commands never ask a server.
  const { Redis: Client } = await import('ioredis');
  const redis = new Client({
    ...(host.startsWith('/') ? { path: host } : { host, port }),
    ...(url.startsWith('rediss:') ? { tls: {} } : {}),
    username: user,
    password,
    db: database,
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    connectionName: 'rust-platform',
  });
  let reason: unknown;
  redis.on('error', (error) => (reason ??= error));
  try {
    // ioredis rejects with "Connection is closed."; the cause came before, as an event.
    await redis.connect().catch((error: unknown) => {
      throw reason ?? error;
    });
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

export function redisUnreachable(url: string, error: unknown): PlatformError {
  return new PlatformError({
    code: 'redis-unreachable',
    what: `Redis at ${redactUrl(url)} does not answer`,
    why: redactText(messageOf(error)),
    fix: 'check that the server runs and that password and database number are right: rust-platform deps status',
    exitCode: EXIT.preflight,
    cause: error,
  });
}
