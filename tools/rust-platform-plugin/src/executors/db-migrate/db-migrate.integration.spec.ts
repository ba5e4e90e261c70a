import { join } from 'node:path';
import { DEFAULT_OPTIONS } from '../../service-model/platform-options';
import { depsStatus } from '../../engines/deps/deps-status';
import { findPostgresBinaries } from '../../engines/postgres/postgres-binaries';
import { withPostgres } from '../../engines/postgres/connect-postgres';
import { crateManifest, writeCargoWorkspace, writeFiles } from '../../testing/cargo-workspace';
import { createDepsWorkspace, type DepsWorkspace } from '../../testing/deps-workspace';
import { eventually } from '../../testing/eventually';
import { runAsNx } from '../../testing/run-as-nx';

jest.setTimeout(240_000);

const METADATA = '[package.metadata.rust-platform]\nservice = "links"\nneeds = ["postgres", "redis"]\n';

let workspace: DepsWorkspace;

beforeAll(async () => {
  if (!(await findPostgresBinaries(process.env)))
    throw new Error('PostgreSQL is needed: sudo apt-get install postgresql');
});

beforeEach(async () => {
  workspace = await createDepsWorkspace();
  const { postgresPort, redisPort } = workspace.options;
  const nx = { plugins: [{ plugin: 'rust-platform-plugin', options: { postgresPort, redisPort } }] };
  await writeCargoWorkspace(workspace.root, {
    crates: {
      links: {
        'Cargo.toml': crateManifest('links', METADATA),
        'src/main.rs': 'fn main() {}',
        'migrations/20240101000000_links.sql': 'CREATE TABLE links (slug TEXT PRIMARY KEY);\n',
      },
    },
    files: { 'nx.json': JSON.stringify(nx) },
  });
});

afterEach(async () => {
  await workspace.remove();
});

function execute(executor: string, env: Record<string, string> = {}) {
  return runAsNx({
    executor,
    root: workspace.root,
    project: 'links',
    projectRoot: 'services/links',
    target: executor,
    env: { RUST_PLATFORM_PROVIDERS: 'given,local', DATABASE_URL: undefined, REDIS_URL: undefined, ...env },
  });
}

const status = () => depsStatus(workspace.root, { ...DEFAULT_OPTIONS, ...workspace.options }, workspace.env);

it('deps starts what the service needs, with its database, and leaves it running', async () => {
  const result = await execute('deps');
  expect(result.stderr).toBe('');
  const { postgresPort, redisPort } = workspace.options;
  expect(result.stdout).toContain(`DATABASE_URL=postgres://platform:***@127.0.0.1:${postgresPort}/links`);
  expect(result.stdout).toContain(`REDIS_URL=redis://127.0.0.1:${redisPort}/0`);
  expect(result.report).toMatchObject({ status: 'passed', exitCode: 0 });
  expect((await status()).servers.map(({ state, pinned }) => [state, pinned])).toEqual([
    ['running', true],
    ['running', true],
  ]);
});

it('db-migrate migrates the database of the service, on servers that end with its run', async () => {
  const result = await execute('db-migrate');
  expect(result.stderr).toBe('');
  const port = workspace.options.postgresPort;
  expect(result.report?.headline).toBe(`1 applied, 0 already there: database links on 127.0.0.1:${port}`);
  await eventually(
    async () => (await status()).servers[0]?.state === 'stopped',
    'the server ends with the run',
    30_000,
  );
  const again = await execute('db-migrate');
  expect(again.report?.headline).toBe(`0 applied, 1 already there: database links on 127.0.0.1:${port}`);
});

it('db-migrate fails with file and line, and without a change', async () => {
  await writeFiles(join(workspace.root, 'services/links/migrations'), {
    '20240102000000_bad.sql': 'CREATE TABLE half ();\nSELECT 1 FROM nowhere;\n',
  });
  const result = await execute('db-migrate');
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('services/links/migrations/20240102000000_bad.sql:2:15');
  expect(result.report).toMatchObject({ status: 'failed', exitCode: 1, error: { code: 'migration-failed' } });
});

it('db-migrate refuses another machine, and takes exactly the database that is given', async () => {
  const remote = await execute('db-migrate', { DATABASE_URL: 'postgres://ann:s3cret@db.example.com/links' });
  expect(remote.report).toMatchObject({ exitCode: 2, error: { code: 'remote-refused' } });
  expect(`${remote.stdout}${remote.stderr}`).not.toContain('s3cret');
  const { postgres } = await workspace.ensure({ needs: ['postgres'] });
  const given = (postgres?.url ?? '').replace(/postgres$/, 'chosen');
  const result = await execute('db-migrate', { DATABASE_URL: postgres?.url ?? '' });
  expect(result.report?.headline).toMatch(/^1 applied, 0 already there: database links /);
  await withPostgres(postgres?.url ?? '', (client) => client.query('CREATE DATABASE chosen'));
  const chosen = await execute('db-migrate', { DATABASE_URL: given });
  expect(chosen.report?.headline).toMatch(/^1 applied, 0 already there: database chosen /);
});
