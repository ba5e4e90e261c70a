import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort, isPortFree } from '../../process/ports';
import { findExecutable } from '../../process/run';
import { createDepsWorkspace, type DepsWorkspace } from '../../testing/deps-workspace';
import { dockerForTests, TEST_IMAGES } from '../../testing/docker-images';
import { findOwnContainers } from '../docker/containers';
import type { DockerEngine } from '../docker/find-docker-engine';
import { withPostgres } from '../postgres/connect-postgres';
import { withRedis } from '../redis/connect-redis';
import { peekCheckout } from './checkout-identity';
import { depsStatus } from './deps-status';
import { findProviders } from './find-providers';
import { resetDeps } from './reset-deps';
import { stopDeps } from './stop-deps';

jest.setTimeout(300_000);

let engine: DockerEngine | undefined;
const workspaces: DepsWorkspace[] = [];

beforeAll(async () => {
  engine = await dockerForTests();
});

afterEach(async () => {
  for (const workspace of workspaces.splice(0)) {
    const checkout = await peekCheckout(workspace.root, '.rust-platform');
    await resetDeps(workspace.root, workspace.options, { report: () => undefined, env: workspace.env });
    await workspace.remove();
    if (engine && checkout) expect(await findOwnContainers(engine.docker, checkout.id)).toEqual([]);
  }
});

/** A Compose file as repositories have it: fixed ports, names that two checkouts would share, health checks. */
function composeText(ports: { postgresPort: number; redisPort: number }, images = TEST_IMAGES): string {
  return `
services:
  postgres:
    image: ${images.postgres}
    container_name: platform-postgres
    environment: { POSTGRES_USER: platform, POSTGRES_PASSWORD: "\${RP_TEST_PW:-s3cret-word}", POSTGRES_DB: platform }
    ports: ["\${RP_TEST_PORT:-${ports.postgresPort}}:5432"]
    volumes: [data:/var/lib/postgresql/data]
    healthcheck: { test: ["CMD-SHELL", "pg_isready -U platform"], interval: 1s, timeout: 3s, retries: 30 }
  redis:
    image: ${images.redis}
    command: ["redis-server", "--appendonly", "yes"]
    ports: ["127.0.0.1:${ports.redisPort}:6379"]
    healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: 1s, timeout: 3s, retries: 30 }
  other: { image: nginx }
volumes:
  data: { name: shared-by-all }
`;
}

async function composeWorkspace(
  images?: typeof TEST_IMAGES,
  ports?: { postgresPort: number; redisPort: number },
): Promise<DepsWorkspace> {
  const workspace = await createDepsWorkspace(ports);
  workspaces.push(workspace);
  workspace.env['DOCKER_HOST'] = process.env['DOCKER_HOST'];
  workspace.env['RUST_PLATFORM_PROVIDERS'] = 'given,compose,local';
  await writeFile(join(workspace.root, 'docker-compose.yml'), composeText(workspace.options, images));
  return workspace;
}

function withEngine(name: string, test: (engine: DockerEngine) => Promise<void>): void {
  // The reason for a skip was printed by dockerForTests; in CI it has thrown.
  it(name, async () => {
    if (engine) await test(engine);
  });
}

withEngine(
  'starts the services of the compose file, waits for their health, and reuses them',
  async ({ docker }) => {
    const workspace = await composeWorkspace();
    const survey = await findProviders({
      ...workspace,
      workspaceRoot: workspace.root,
      needs: ['postgres'],
      allowRemote: false,
    });
    expect(survey.choices[0]?.provider).toBe('compose');
    const cold = performance.now();
    const { postgres, redis } = await workspace.ensure();
    expect(postgres).toMatchObject({
      provider: 'compose',
      port: workspace.options.postgresPort,
      password: 's3cret-word',
    });
    expect(redis).toMatchObject({ provider: 'compose', port: workspace.options.redisPort, owned: true });
    expect(await withRedis(redis?.url ?? '', (client) => client.ping())).toBe('PONG');
    const warm = performance.now();
    expect((await workspace.ensure()).postgres?.url).toBe(postgres?.url);
    const took = performance.now() - warm;
    console.info(`compose: cold ${Math.round(warm - cold)} ms, warm ${Math.round(took)} ms`);
    expect(took).toBeLessThan(1_000);
    expect(workspace.lines.join('\n')).not.toContain('s3cret-word');
    const { servers } = await depsStatus(workspace.root, workspace.options, workspace.env);
    expect(servers.map(({ state, problem }) => [state, problem])).toEqual([
      ['running', undefined],
      ['running', undefined],
    ]);
    const checkout = await peekCheckout(workspace.root, '.rust-platform');
    const own = await findOwnContainers(docker, checkout?.id ?? '');
    expect(own.map(({ project }) => project).every((project) => project?.startsWith('rp-rp-deps-'))).toBe(
      true,
    );
  },
);

withEngine('keeps the data over a stop and over a killed container', async ({ docker }) => {
  const workspace = await composeWorkspace();
  const first = await workspace.ensure();
  await withPostgres(first.postgres?.url ?? '', (client) =>
    client.query('CREATE TABLE kept AS SELECT 42 AS answer'),
  );
  await withRedis(first.redis?.url ?? '', (client) => client.set('kept', '42'));
  const stopped = await stopDeps(workspace.root, workspace.options, {
    report: () => undefined,
    env: workspace.env,
  });
  expect(stopped).toEqual({ stopped: ['postgres', 'redis'] });
  expect(await isPortFree(workspace.options.postgresPort)).toBe(true);
  await workspace.ensure();
  const { servers } = await depsStatus(workspace.root, workspace.options, workspace.env);
  await docker.getContainer(servers[0]?.container ?? '').kill();
  const again = await workspace.ensure();
  const { rows } = await withPostgres(again.postgres?.url ?? '', (client) =>
    client.query('SELECT answer FROM kept'),
  );
  expect(rows).toEqual([{ answer: 42 }]);
  expect(await withRedis(again.redis?.url ?? '', (client) => client.get('kept'))).toBe('42');
});

withEngine('gives a second checkout with the same file its own ports, containers and volumes', async () => {
  const first = await composeWorkspace();
  const one = await first.ensure({ needs: ['postgres'] });
  await withPostgres(one.postgres?.url ?? '', (client) => client.query('CREATE TABLE mine ()'));
  const second = await composeWorkspace(undefined, first.options);
  const two = await second.ensure({ needs: ['postgres'] });
  expect(two.postgres?.port).not.toBe(one.postgres?.port);
  expect(second.lines.join('\n')).toMatch(/is used by the checkout/);
  const found = await withPostgres(two.postgres?.url ?? '', (client) =>
    client.query("SELECT to_regclass('mine') AS mine"),
  );
  expect(found.rows).toEqual([{ mine: null }]);
});

withEngine('names a container of another project that has the port', async ({ docker }) => {
  const workspace = await composeWorkspace();
  const port = String(workspace.options.redisPort);
  const stranger = await docker.createContainer({
    name: `rp-stranger-${port}`,
    Image: TEST_IMAGES.redis,
    HostConfig: { PortBindings: { '6379/tcp': [{ HostPort: port }] }, AutoRemove: true },
  });
  await stranger.start();
  try {
    const began = performance.now();
    const error = await workspace.ensure().catch((caught: unknown) => caught);
    console.info(`compose: refused after ${Math.round(performance.now() - began)} ms`);
    expect(error).toMatchObject({ code: 'port-taken', exitCode: 4 });
    expect((error as Error).message).toContain(`docker stop rp-stranger-${port}`);
    expect(await isPortFree(workspace.options.postgresPort)).toBe(true);
  } finally {
    await stranger.stop({ t: 1 });
  }
});

withEngine('goes on with local binaries when an image cannot be had, and says so', async () => {
  const workspace = await composeWorkspace({ ...TEST_IMAGES, redis: 'localhost:1/nowhere/redis:99' });
  const { postgres, redis } = await workspace.ensure();
  expect(postgres?.provider).toBe('compose');
  expect(redis?.provider).toBe('local');
  expect(workspace.lines.join('\n')).toMatch(
    /Redis: Docker Compose: localhost:1\/nowhere\/redis:99 cannot be had: /,
  );
});

withEngine('goes on without Compose when only the engine is there', async () => {
  const workspace = await composeWorkspace();
  const bin = join(workspace.root, 'bin');
  await mkdir(bin);
  for (const name of ['redis-server', 'id', 'sh'])
    await symlink((await findExecutable(name)) ?? '', join(bin, name));
  workspace.env['PATH'] = bin;
  const { redis } = await workspace.ensure({ needs: ['redis'] });
  expect(redis?.provider).toBe('local');
  expect(workspace.lines.join('\n')).toContain('neither `docker compose` nor `docker-compose` is installed');
});

withEngine('fails with the log of a container that ends at once, and starts nothing else', async () => {
  const workspace = await composeWorkspace();
  const broken = composeText(workspace.options).replace(
    '"redis-server", "--appendonly", "yes"',
    '"sh", "-c", "echo no luck; exit 3"',
  );
  await writeFile(join(workspace.root, 'docker-compose.yml'), broken);
  const error = await workspace.ensure().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'compose-failed', exitCode: 4 });
  expect((error as Error).message).toMatch(/exit code 3\n\s*no luck/);
  expect(await isPortFree(workspace.options.postgresPort)).toBe(true);
});

it('passes over an engine that does not answer within a second', async () => {
  const workspace = await createDepsWorkspace();
  workspaces.push(workspace);
  await writeFile(join(workspace.root, 'docker-compose.yml'), composeText(workspace.options));
  const env = {
    ...workspace.env,
    DOCKER_HOST: `tcp://127.0.0.1:${await findFreePort()}`,
    RUST_PLATFORM_PROVIDERS: '',
  };
  const began = performance.now();
  const survey = await findProviders({
    ...workspace,
    workspaceRoot: workspace.root,
    needs: ['redis'],
    env,
    allowRemote: false,
  });
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(survey.choices[0]).toMatchObject({ provider: 'local' });
  expect(survey.choices[0]?.passedOver.join('\n')).toMatch(/no Docker engine answers/);
});
