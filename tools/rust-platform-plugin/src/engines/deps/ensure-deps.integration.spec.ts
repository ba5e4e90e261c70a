import { cp, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { isPortFree } from '../../process/ports';
import { createDepsWorkspace, type DepsWorkspace } from '../../testing/deps-workspace';
import { eventually } from '../../testing/eventually';
import { runTypeScript } from '../../testing/run-typescript';
import { withPostgres } from '../postgres/connect-postgres';
import { findPostgresBinaries } from '../postgres/postgres-binaries';
import { findRedisBinary } from '../redis/redis-binaries';
import { withRedis } from '../redis/connect-redis';
import { depsStatus } from './deps-status';
import { stopDeps } from './stop-deps';

jest.setTimeout(180_000);

const quiet = { report: () => undefined };
let workspace: DepsWorkspace;
const others: DepsWorkspace[] = [];

beforeAll(async () => {
  if (!(await findPostgresBinaries(process.env)) || !(await findRedisBinary(process.env))) {
    throw new Error(
      'these tests need postgres, initdb and redis-server: sudo apt-get install postgresql redis-server',
    );
  }
});

beforeEach(async () => {
  workspace = await createDepsWorkspace();
});

afterEach(async () => {
  for (const created of [workspace, ...others.splice(0)]) await created.remove();
});

async function anotherWorkspace(options: Parameters<typeof createDepsWorkspace>[0]): Promise<DepsWorkspace> {
  const created = await createDepsWorkspace(options);
  others.push(created);
  return created;
}

async function pidOf(root: string, kind: 'postgres' | 'redis'): Promise<number> {
  const { servers } = await depsStatus(root, workspace.options, workspace.env);
  const pid = servers.find((server) => server.kind === kind)?.pid;
  if (pid === undefined) throw new Error(`no ${kind} runs`);
  return pid;
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
  });
}

describe('ensureDeps', () => {
  it('starts both servers on the configured ports, marked, and says which provider it used', async () => {
    const { postgres, redis } = await workspace.ensure();
    expect(postgres).toMatchObject({ provider: 'local', port: workspace.options.postgresPort, owned: true });
    expect(redis).toMatchObject({ provider: 'local', port: workspace.options.redisPort, owned: true });
    const one = await withPostgres(postgres?.url ?? '', (client) => client.query('SELECT 1 AS one'));
    expect(one.rows).toEqual([{ one: 1 }]);
    expect(await withRedis(redis?.url ?? '', (client) => client.ping())).toBe('PONG');
    expect(workspace.lines.filter((line) => line.includes('local binaries'))).toHaveLength(2);
    const status = await depsStatus(workspace.root, workspace.options, workspace.env);
    expect(status.servers.map(({ state, problem, pinned }) => ({ state, problem, pinned }))).toEqual([
      { state: 'running', problem: undefined, pinned: true },
      { state: 'running', problem: undefined, pinned: true },
    ]);
    expect(JSON.stringify(status)).not.toContain('platform:platform');
  });

  it('reuses what runs, within a second', async () => {
    const cold = performance.now();
    await workspace.ensure();
    const warm = performance.now();
    await workspace.ensure();
    const took = performance.now() - warm;
    console.info(`cold ensure ${Math.round(warm - cold)} ms, warm ensure ${Math.round(took)} ms`);
    expect(workspace.lines.filter((line) => /running on port/.test(line))).toHaveLength(2);
    expect(took).toBeLessThan(1_000);
  });

  it('is called by five processes at once and starts one server of each kind', async () => {
    const { root, options, env } = workspace;
    const request = {
      workspaceRoot: root,
      options,
      needs: ['postgres', 'redis'],
      lifetime: { kind: 'pinned' },
      env,
    };
    const script = join(__dirname, '../../testing/ensure-deps-process.ts');
    const callers = await Promise.all(
      Array.from({ length: 5 }, () =>
        runTypeScript(script, [JSON.stringify({ ...request, allowRemote: false })]),
      ),
    );
    const said = await Promise.all(callers.map((caller) => caller.line(/^(ports|failed)/)));
    await Promise.all(callers.map((caller) => caller.exited));
    expect(said).toEqual(
      Array.from({ length: 5 }, () => `ports ${options.postgresPort} ${options.redisPort}`),
    );
  });

  it('keeps the data over a stop, and frees the ports', async () => {
    const first = await workspace.ensure();
    await withPostgres(first.postgres?.url ?? '', (client) =>
      client.query('CREATE TABLE kept AS SELECT 42 AS answer'),
    );
    await withRedis(first.redis?.url ?? '', (client) => client.set('kept', '42'));
    expect(await stopDeps(workspace.root, workspace.options, quiet)).toEqual({
      stopped: ['postgres', 'redis'],
    });
    expect(await isPortFree(workspace.options.postgresPort)).toBe(true);
    expect(await isPortFree(workspace.options.redisPort)).toBe(true);
    expect(await stopDeps(workspace.root, workspace.options, quiet)).toEqual({ stopped: [] });
    const second = await workspace.ensure();
    const rows = await withPostgres(second.postgres?.url ?? '', (client) =>
      client.query('SELECT answer FROM kept'),
    );
    expect(rows.rows).toEqual([{ answer: 42 }]);
    expect(await withRedis(second.redis?.url ?? '', (client) => client.get('kept'))).toBe('42');
  });

  it('starts servers again that were killed, with their data and on their ports', async () => {
    const { postgres, redis } = await workspace.ensure();
    await withPostgres(postgres?.url ?? '', (client) =>
      client.query('CREATE TABLE kept AS SELECT 42 AS answer'),
    );
    await withRedis(redis?.url ?? '', (client) => client.config('SET', 'appendfsync', 'always'));
    await withRedis(redis?.url ?? '', (client) => client.set('kept', '42'));
    process.kill(await pidOf(workspace.root, 'postgres'), 'SIGKILL');
    process.kill(await pidOf(workspace.root, 'redis'), 'SIGKILL');
    const again = await workspace.ensure();
    expect([again.postgres?.port, again.redis?.port]).toEqual([postgres?.port, redis?.port]);
    const rows = await withPostgres(again.postgres?.url ?? '', (client) =>
      client.query('SELECT answer FROM kept'),
    );
    expect(rows.rows).toEqual([{ answer: 42 }]);
    expect(await withRedis(again.redis?.url ?? '', (client) => client.get('kept'))).toBe('42');
  });

  it('survives a postmaster.pid whose number was given to another process', async () => {
    await workspace.ensure({ needs: ['postgres'] });
    const { servers } = await depsStatus(workspace.root, workspace.options, workspace.env);
    const data = servers[0]?.dataDirectory ?? '';
    process.kill(servers[0]?.pid ?? 0, 'SIGKILL');
    await eventually(() => isPortFree(workspace.options.postgresPort), 'the port is free');
    await writeFile(
      join(data, 'postmaster.pid'),
      `${process.pid}\n${data}\n1\n${workspace.options.postgresPort}\n`,
    );
    const { postgres } = await workspace.ensure({ needs: ['postgres'] });
    expect(postgres?.port).toBe(workspace.options.postgresPort);
  });

  it('finds its servers when its notes are lost', async () => {
    await workspace.ensure();
    const pid = await pidOf(workspace.root, 'postgres');
    await writeFile(join(workspace.root, '.rust-platform/deps/state.json'), 'not json');
    await workspace.ensure();
    expect(await pidOf(workspace.root, 'postgres')).toBe(pid);
  });

  it('renews its mark after FLUSHALL', async () => {
    const { redis } = await workspace.ensure({ needs: ['redis'] });
    await withRedis(redis?.url ?? '', (client) => client.flushall());
    await workspace.ensure({ needs: ['redis'] });
    const { servers } = await depsStatus(workspace.root, workspace.options, workspace.env);
    expect(servers[1]).toMatchObject({ state: 'running', problem: undefined });
  });

  it('uses the credentials of the compose file without Docker', async () => {
    await writeFile(
      join(workspace.root, 'docker-compose.yml'),
      [
        'services:',
        '  db: { image: "postgres:17", environment: { POSTGRES_USER: ann, POSTGRES_PASSWORD: "${PW:-s3cret}" } }',
        '  cache: { image: "redis:7", command: ["redis-server", "--requirepass", "hush-hush"] }',
      ].join('\n'),
    );
    const { postgres, redis } = await workspace.ensure();
    expect(postgres).toMatchObject({ user: 'ann', password: 's3cret' });
    expect(redis?.url).toBe(`redis://:hush-hush@127.0.0.1:${redis?.port}/0`);
    expect(workspace.lines.join('\n')).not.toMatch(/s3cret|hush-hush/);
  });
});

describe('ports', () => {
  it.each(['postgres', 'redis'] as const)(
    'refuses a port of a stranger within 2 s and starts nothing: %s',
    async (kind) => {
      const port = workspace.options[`${kind}Port`];
      const stranger = await listen(port);
      try {
        const began = performance.now();
        const error = await workspace.ensure().catch((caught: unknown) => caught);
        expect(performance.now() - began).toBeLessThan(2_000);
        expect(error).toMatchObject({ code: 'port-taken', exitCode: 4 });
        const { message } = error as Error;
        expect(message).toContain(`pid ${process.pid}`);
        expect(message).toContain(`kill ${process.pid}`);
        expect(message).toContain(`"${kind}Port"`);
        const other = kind === 'postgres' ? workspace.options.redisPort : workspace.options.postgresPort;
        expect(await isPortFree(other)).toBe(true);
      } finally {
        await new Promise((resolve) => stranger.close(resolve));
      }
      await workspace.ensure({ needs: ['redis'] });
    },
  );

  it('gives a second checkout a free port, says so, and keeps it while it runs', async () => {
    await workspace.ensure({ needs: ['redis'] });
    const second = await anotherWorkspace(workspace.options);
    const first = await second.ensure({ needs: ['redis'] });
    expect(first.redis?.port).not.toBe(workspace.options.redisPort);
    expect(second.lines.join('\n')).toContain(
      `port ${workspace.options.redisPort} is used by the checkout ${workspace.root}`,
    );
    const again = await second.ensure({ needs: ['redis'] });
    expect(again.redis?.port).toBe(first.redis?.port);
  });

  it('starts two checkouts at once on the same ports: one gets them, the other says what it has', async () => {
    const second = await anotherWorkspace(workspace.options);
    const all = await Promise.all([workspace.ensure(), second.ensure()]);
    const ports = all.flatMap(({ postgres, redis }) => [postgres?.port, redis?.port]);
    expect(new Set(ports).size).toBe(4);
    expect(ports).toEqual(
      expect.arrayContaining([workspace.options.postgresPort, workspace.options.redisPort]),
    );
    expect(
      [...workspace.lines, ...second.lines].filter((line) => /is used by the checkout/.test(line)),
    ).toHaveLength(2);
  });

  it('treats a copied folder as another checkout, whose data is a copy', async () => {
    await workspace.ensure();
    const copy = await anotherWorkspace(workspace.options);
    await mkdir(copy.root, { recursive: true });
    await cp(join(workspace.root, '.rust-platform'), join(copy.root, '.rust-platform'), {
      recursive: true,
      preserveTimestamps: true,
    });
    const own = await copy.ensure({ needs: ['redis'] });
    expect(own.redis?.port).not.toBe(workspace.options.redisPort);
    expect(await stopDeps(copy.root, copy.options, quiet)).toEqual({ stopped: ['redis'] });
    expect(await isPortFree(workspace.options.redisPort)).toBe(false);
    expect(await isPortFree(workspace.options.postgresPort)).toBe(false);
  });
});

describe('given endpoints', () => {
  it('verifies them, and neither starts nor stops anything', async () => {
    const { postgres, redis } = await workspace.ensure();
    const second = await anotherWorkspace({});
    const env = { ...second.env, DATABASE_URL: postgres?.url, REDIS_URL: redis?.url };
    const given = await second.ensure({ env });
    expect(given.postgres).toMatchObject({ provider: 'given', owned: false, port: postgres?.port });
    expect(given.redis).toMatchObject({ provider: 'given', owned: false });
    expect(second.lines.join('\n')).not.toContain('platform:platform');
    expect(await stopDeps(second.root, second.options, quiet)).toEqual({ stopped: [] });
    expect(await isPortFree(workspace.options.postgresPort)).toBe(false);
  });

  it.each([
    ['DATABASE_URL', 'postgres://ann:s3cret@db.example.com/prod', 'db.example.com'],
    ['REDIS_URL', 'rediss://:s3cret@cache.example.com:6380/0', 'cache.example.com'],
  ])(
    'refuses a remote %s with exit 2, naming the host and hiding the password',
    async (variable, url, host) => {
      const error = await workspace
        .ensure({ env: { ...workspace.env, [variable]: url } })
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'remote-refused', exitCode: 2 });
      expect((error as Error).message).toContain(host);
      expect((error as Error).message).not.toContain('s3cret');
    },
  );

  it('says which one does not answer', async () => {
    const url = `postgres://ann:s3cret@127.0.0.1:${workspace.options.postgresPort}/x`;
    const error = await workspace
      .ensure({ env: { ...workspace.env, DATABASE_URL: url } })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'postgres-unreachable', exitCode: 4 });
    expect((error as Error).message).not.toContain('s3cret');
  });
});

it('lists every way when there is none, before anything is started', async () => {
  const env = { ...workspace.env, RUST_PLATFORM_PROVIDERS: 'given' };
  const error = await workspace.ensure({ env }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'no-provider', exitCode: 4 });
  const { message } = error as Error;
  for (const way of ['local binaries', 'Docker Compose', 'DATABASE_URL=', 'REDIS_URL=', 'embedded']) {
    expect(message).toContain(way);
  }
});

it('is aborted while it starts and leaves nothing', async () => {
  const controller = new AbortController();
  const starting = workspace.ensure({ signal: controller.signal });
  setTimeout(() => controller.abort(new Error('enough')), 300);
  await expect(starting).rejects.toThrow();
  expect(await isPortFree(workspace.options.postgresPort)).toBe(true);
  expect(await isPortFree(workspace.options.redisPort)).toBe(true);
});
