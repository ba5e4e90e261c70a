import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPortFree } from '../../process/ports';
import { ownIdentity } from '../../process/process-identity';
import { eventually } from '../../testing/eventually';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runTypeScript } from '../../testing/run-typescript';
import { startPrivateRedis, type PrivateServer } from '../../testing/servers';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { claimRedisDatabase } from './claim-redis-database';
import { withRedis } from './connect-redis';
import { createTestRedis } from './create-test-redis';
import { parseRedisUrl, withRedisDatabase } from './redis-url';

jest.setTimeout(120_000);

const DEAD = { pid: 999_999_999, startTime: 'long ago' };

describe('an instance of its own', () => {
  let leaks: LeakCheck;
  let checkout: TemporaryFolder;

  beforeEach(async () => {
    checkout = await temporaryFolder('test-redis');
    leaks = await startLeakCheck();
  });

  afterEach(async () => {
    try {
      await expectNothingLeft(leaks);
    } finally {
      await leaks.end();
      await checkout.remove();
    }
  });

  it('is fresh, keeps nothing, and is gone after release', async () => {
    const redis = await createTestRedis({
      workspaceRoot: checkout.path,
      owner: ownIdentity(),
      service: 'shortener',
      env: process.env,
      report: () => undefined,
    });
    expect(redis.prefix).toMatch(/^rp_test_[0-9a-f]{6}_shortener:$/);
    expect(
      await withRedis(redis.url, async (client) => [
        await client.dbsize(),
        await client.config('GET', 'save'),
      ]),
    ).toEqual([0, ['save', '']]);
    await redis.release();
    await redis.release();
    expect(await isPortFree(parseRedisUrl(redis.url).port)).toBe(true);
  });

  it('dies with its owner, also by SIGKILL', async () => {
    await mkdir(checkout.path, { recursive: true });
    const owner = await runTypeScript(join(__dirname, '../../testing/test-redis-process.ts'), [
      checkout.path,
    ]);
    const url = (await owner.line(/^(url|failed)/)).split(' ')[1] ?? '';
    expect(await withRedis(url, (client) => client.ping())).toBe('PONG');
    owner.kill('SIGKILL');
    await owner.exited;
    await eventually(() => isPortFree(parseRedisUrl(url).port), 'the instance is gone');
  });
});

describe('a database number', () => {
  let server: PrivateServer | undefined;

  beforeAll(async () => {
    server = await startPrivateRedis();
  });

  afterAll(async () => {
    await server?.stop();
  });

  function withServer(name: string, test: (server: PrivateServer) => Promise<void>): void {
    it(name, async () => {
      if (!server) return;
      await test(server);
      await withRedis(server.url, (client) => client.flushall());
    });
  }

  const sizeOf = (url: string) => withRedis(url, (client) => client.dbsize());

  withServer('is claimed by one only, never 0 and never one with keys in it', async (endpoint) => {
    await withRedis(withRedisDatabase(endpoint.url, 1), (client) => client.set('somebody', 'uses it'));
    const claims = await Promise.all([1, 2, 3].map(() => claimRedisDatabase(endpoint, ownIdentity())));
    expect(claims.map(({ number }) => number).sort()).toEqual([2, 3, 4]);
    for (const claim of claims) await claim.release();
    expect(await sizeOf(withRedisDatabase(endpoint.url, 1))).toBe(1);
  });

  withServer('is emptied at release, on a foreign server without FLUSHDB', async (endpoint) => {
    const claim = await claimRedisDatabase({ ...endpoint, provider: 'given', owned: false }, ownIdentity());
    await withRedis(claim.url, async (client) => {
      for (let i = 0; i < 1_200; i += 1) await client.set(`key ${i}`, 'x');
    });
    await withRedis(endpoint.url, (client) => client.config('RESETSTAT'));
    await claim.release();
    expect(await sizeOf(claim.url)).toBe(0);
    const stats = await withRedis(endpoint.url, (client) => client.info('commandstats'));
    expect(stats).not.toContain('cmdstat_flushdb');
  });

  withServer('is taken over, emptied, from a dead claimant', async (endpoint) => {
    const dead = await claimRedisDatabase(endpoint, DEAD);
    await withRedis(dead.url, (client) => client.set('left', 'over'));
    const [one, two] = await Promise.all([
      claimRedisDatabase(endpoint, ownIdentity()),
      claimRedisDatabase(endpoint, ownIdentity()),
    ]);
    expect([one.number, two.number].sort()).toEqual([dead.number, dead.number + 1]);
    expect(
      await withRedis(withRedisDatabase(endpoint.url, dead.number), (client) => client.exists('left')),
    ).toBe(0);
    await dead.release();
    expect(await sizeOf(withRedisDatabase(endpoint.url, dead.number))).toBe(1);
  });

  withServer('says so when all are in use', async (endpoint) => {
    for (let number = 1; number <= 15; number += 1) {
      await withRedis(withRedisDatabase(endpoint.url, number), (client) => client.set('x', 'y'));
    }
    await expect(claimRedisDatabase(endpoint, ownIdentity())).rejects.toMatchObject({
      code: 'redis-no-database',
    });
  });
});
