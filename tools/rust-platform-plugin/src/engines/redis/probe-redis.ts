import { withRedis } from './connect-redis';

export interface RedisFacts {
  /** e.g. `7.0.15`; of Valkey its own version. */
  version: string;
  marker: string | undefined;
  processId: number | undefined;
}

const KEY = 'rust-platform:checkout';

/** Asks the server who it is. Throws the raw connection error when it does not answer. */
export async function probeRedis(url: string, timeoutMs = 5_000): Promise<RedisFacts> {
  return withRedis(
    url,
    async (redis) => {
      const info = await redis.info('server');
      const field = (name: string): string | undefined =>
        new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
      const pid = Number(field('process_id'));
      return {
        version: field('valkey_version') ?? field('redis_version') ?? 'unknown',
        marker: (await redis.get(KEY)) ?? undefined,
        processId: Number.isInteger(pid) ? pid : undefined,
      };
    },
    { timeoutMs },
  );
}

/** Writes the checkout's id into a server that this checkout started: one key of database 0. */
export async function markRedis(url: string, checkoutId: string): Promise<void> {
  await withRedis(url, (redis) => redis.set(KEY, checkoutId));
}
