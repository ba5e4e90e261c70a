import { Client } from 'pg';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runExecutor, startExecutor, type ExecutorRun } from '../../testing/run-executor';
import { startPrivatePostgres, startPrivateRedis, type PrivateServer } from '../../testing/servers';
import { serviceWorkspace, type ServiceWorkspace } from '../../testing/service-workspace';

jest.setTimeout(180_000);

let postgres: PrivateServer | undefined;
let redis: PrivateServer | undefined;
let leaks: LeakCheck;
let workspace: ServiceWorkspace;

beforeAll(async () => {
  postgres = await startPrivatePostgres();
  redis = await startPrivateRedis();
});
afterAll(async () => {
  await postgres?.stop();
  await redis?.stop();
});
beforeEach(async () => {
  leaks = await startLeakCheck();
});
afterEach(async () => {
  await expectNothingLeft(leaks, { withinMs: 30_000 }).finally(() => workspace?.remove());
  await leaks.end();
});

const both =
  (work: (servers: { postgres: PrivateServer; redis: PrivateServer }) => Promise<void>) => async () => {
    // The reason was printed; in CI the missing server is an error.
    if (postgres && redis) await work({ postgres, redis });
  };

async function request(
  http: string,
  servers: { postgres: PrivateServer; redis: PrivateServer },
): Promise<ExecutorRun> {
  workspace = await serviceWorkspace({
    store: { needs: ['postgres', 'redis'], migrated: true, http: { 'a.http': http } },
    edge: { needs: ['store', 'postgres', 'redis'], migrated: true, http: { 'a.http': http } },
  });
  return {
    root: workspace.root,
    executor: 'test-api',
    project: 'edge',
    projectRoot: 'services/edge',
    target: 'test-api',
    env: { ...workspace.env, DATABASE_URL: servers.postgres.url, REDIS_URL: servers.redis.url },
  };
}

async function testDatabases(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname LIKE 'rp\\_%'`,
  );
  await client.end();
  return rows.map(({ datname }) => datname);
}

describe('test-api with PostgreSQL and Redis', () => {
  it(
    'gives every run a fresh, migrated database and drops it',
    both(async (servers) => {
      const rows = 'GET {{host}}/rows\n?? status == 200\n?? body rows == 1\n';
      const run = await request(rows, servers);
      for (let time = 1; time <= 2; time++) {
        const result = await runExecutor(run);
        expect(result.stderr).toBe('');
        expect(result.report).toMatchObject({ status: 'passed', headline: '1 passed, 0 failed' });
      }
      expect(await testDatabases(servers.postgres.url)).toEqual([]);
    }),
  );

  it(
    'gives each service its own database and all the same Redis, and hides passwords',
    both(async (servers) => {
      const urls = 'GET {{host}}/urls\n?? body REDIS_URL == nothing\n';
      const result = await runExecutor(await request(urls, servers));
      expect(result.report?.status).toBe('failed');
      const said = result.stdout + result.stderr + JSON.stringify(result.report);
      expect(said).toMatch(/DATABASE_URL":"postgres:..tester:\*\*\*@127\.0\.0\.1:\d+\/rp_test_\w*edge/);
      expect(said).not.toMatch(/p%40ss|p@ss/);
      const data = result.report?.data as { tests: Array<{ response: string }> };
      expect(data.tests[0]?.response).toMatch(/"REDIS_URL":"redis:/);
      expect(data.tests[0]?.response).not.toContain(`:${servers.redis.port}/`);
    }),
  );

  it(
    'drops the databases when it is interrupted',
    both(async (servers) => {
      const child = await startExecutor(await request('GET {{host}}/hang\n?? status == 200\n', servers));
      await child.line(/edge is ready/);
      expect((await testDatabases(servers.postgres.url)).length).toBeGreaterThanOrEqual(2);
      child.kill('SIGTERM');
      await child.exited;
      expect(await testDatabases(servers.postgres.url)).toEqual([]);
    }),
  );
});
