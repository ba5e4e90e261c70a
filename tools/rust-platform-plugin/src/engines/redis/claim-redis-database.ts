import type Redis from 'ioredis';
import { EXIT, PlatformError } from '../../errors';
import { isAlive, type ProcessIdentity } from '../../process/process-identity';
import type { ServerEndpoint } from '../endpoints';
import { thisHost } from '../postgres/test-database-name';
import { withRedis } from './connect-redis';
import { withRedisDatabase } from './redis-url';

const CLAIM = 'rust-platform:claim';
const LAST_DATABASE = 15;

interface Claim extends ProcessIdentity {
  host: string;
}

export interface ClaimedDatabase {
  /** URL with the database number. */
  url: string;
  number: number;
  release(): Promise<void>;
}

/**
 * Takes one of the database numbers 1–15 of a server for this process: only an empty one, or one whose claimant on this
 * machine is dead. Database 0 is everybody's. Throws `redis-no-database` when all are in use.
 */
export async function claimRedisDatabase(
  endpoint: ServerEndpoint,
  owner: ProcessIdentity,
): Promise<ClaimedDatabase> {
  const claim = JSON.stringify({
    pid: owner.pid,
    startTime: owner.startTime,
    host: thisHost(),
  } satisfies Claim);
  for (let number = 1; number <= LAST_DATABASE; number += 1) {
    const url = withRedisDatabase(endpoint.url, number);
    const taken = await withRedis(url, (redis) => tryClaim(redis, claim)).catch((error: unknown) => {
      // The server may be configured with fewer numbers.
      if (/DB index is out of range/.test(String(error))) return false;
      throw error;
    });
    if (taken) return { url, number, release: () => release(url, claim, endpoint.owned) };
  }
  throw new PlatformError({
    code: 'redis-no-database',
    what: `none of the Redis database numbers 1 to ${LAST_DATABASE} on port ${endpoint.port} is free for tests`,
    why: 'each holds keys already, and only empty ones are used',
    fix: [
      'install a Redis server, so that tests get an instance of their own: sudo apt-get install redis-server',
      'or empty a number that you do not need: redis-cli -p <port> -n <number> flushdb',
    ],
    exitCode: EXIT.preflight,
  });
}

async function tryClaim(redis: Redis, claim: string): Promise<boolean> {
  const present = await redis.get(CLAIM);
  if (present !== null) {
    if (!(await isDead(present)) || !(await replaceClaim(redis, present, claim))) return false;
    await removeKeys(redis);
    return true;
  }
  if ((await redis.dbsize()) > 0 || (await redis.set(CLAIM, claim, 'NX')) === null) return false;
  if ((await redis.dbsize()) === 1) return true;
  // Somebody else wrote between the two: it is theirs.
  await redis.del(CLAIM);
  return false;
}

/** Two that find the same dead claimant: one of them gets it. */
async function replaceClaim(redis: Redis, old: string, claim: string): Promise<boolean> {
  const script = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('set', KEYS[1], ARGV[2]) return 1 end return 0`;
  return (await redis.eval(script, 1, CLAIM, old, claim)) === 1;
}

async function isDead(text: string): Promise<boolean> {
  const claim = JSON.parse(text) as Claim;
  return claim.host === thisHost() && !(await isAlive(claim));
}

async function release(url: string, claim: string, owned: boolean): Promise<void> {
  await withRedis(url, async (redis) => {
    if ((await redis.get(CLAIM)) !== claim) return;
    if (owned) {
      await redis.flushdb();
      return;
    }
    await removeKeys(redis);
    await redis.del(CLAIM);
  });
}

/** Everything but the claim, in small steps: FLUSHDB belongs to servers that we started. */
async function removeKeys(redis: Redis): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 500);
    const others = keys.filter((key) => key !== CLAIM);
    if (others.length > 0) await redis.unlink(...others);
    cursor = next;
  } while (cursor !== '0');
}
