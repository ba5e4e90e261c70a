import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { eventually } from '../../testing/eventually';
import { startPrivatePostgres, type PrivateServer } from '../../testing/servers';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { withPostgres } from '../postgres/connect-postgres';
import { withDatabase } from '../postgres/postgres-url';
import { migrate, type MigrateRequest } from './migrate';
import { migrationLockKey } from './migration-lock';
import { pendingMigrations } from './pending-migrations';

jest.setTimeout(120_000);

let server: PrivateServer | undefined;
let folder: TemporaryFolder;
let url = '';
let count = 0;
const lines: string[] = [];

beforeAll(async () => {
  server = await startPrivatePostgres();
});

afterAll(async () => {
  await server?.stop();
});

beforeEach(async () => {
  folder = await temporaryFolder('migrations');
  lines.length = 0;
  url = server ? withDatabase(server.url, `my-service-${(count += 1)}`) : '';
});

afterEach(async () => {
  await folder.remove();
});

/** Skips (with the reason that was printed) where there is no PostgreSQL; in CI `beforeAll` has failed. */
function withServer(name: string, test: () => Promise<void>): void {
  it(name, async () => {
    if (server) await test();
  });
}

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
}

function run(changes: Partial<MigrateRequest> = {}) {
  return migrate({
    url,
    folder: folder.path,
    report: (line) => lines.push(line),
    allowRemote: false,
    ...changes,
  });
}

function failing(changes: Partial<MigrateRequest> = {}): Promise<unknown> {
  return run(changes).then(
    () => undefined,
    (error: unknown) => error,
  );
}

function query(sql: string, values: unknown[] = []): Promise<unknown[]> {
  return withPostgres(url, async (client: Client) => (await client.query(sql, values)).rows as unknown[]);
}

const sha384 = (text: string): string => createHash('sha384').update(text).digest('hex');

const recorded = () =>
  query(`SELECT version::text AS version, description, success, encode(checksum, 'hex') AS checksum,
                execution_time > 0 AS timed FROM _sqlx_migrations ORDER BY version`);

withServer('creates the database and leaves the rows that sqlx would leave', async () => {
  await write({
    '20240101000000_create_users_table.sql': 'CREATE TABLE users (id BIGINT PRIMARY KEY);\n',
    '20240102000000_add_name.up.sql': 'ALTER TABLE users ADD name TEXT;\r\n',
    '20240102000000_add_name.down.sql': 'ALTER TABLE users DROP name;\n',
    'README.md': 'not SQL',
    'seed.sql': 'SELECT nonsense',
  });
  const result = await run();
  expect(result.alreadyApplied).toBe(0);
  expect(result.applied.map(({ version, description }) => [version, description])).toEqual([
    ['20240101000000', 'create users table'],
    ['20240102000000', 'add name'],
  ]);
  expect(await recorded()).toEqual([
    {
      version: '20240101000000',
      description: 'create users table',
      success: true,
      checksum: sha384('CREATE TABLE users (id BIGINT PRIMARY KEY);\n'),
      timed: true,
    },
    {
      version: '20240102000000',
      description: 'add name',
      success: true,
      checksum: sha384('ALTER TABLE users ADD name TEXT;\r\n'),
      timed: true,
    },
  ]);
  expect(lines).toContain(`database 'my-service-${count}' created`);
  expect(lines.join('\n')).toContain('seed.sql is not applied');
  expect(await run()).toEqual({ applied: [], alreadyApplied: 2 });
});

withServer('makes the very table of sqlx', async () => {
  await write({ '1_nothing.sql': 'SELECT 1' });
  await run();
  const columns = await query(
    `SELECT column_name AS name, data_type AS type, is_nullable AS null, column_default AS default
       FROM information_schema.columns WHERE table_name = '_sqlx_migrations' ORDER BY ordinal_position`,
  );
  expect(columns).toEqual([
    { name: 'version', type: 'bigint', null: 'NO', default: null },
    { name: 'description', type: 'text', null: 'NO', default: null },
    { name: 'installed_on', type: 'timestamp with time zone', null: 'NO', default: 'now()' },
    { name: 'success', type: 'boolean', null: 'NO', default: null },
    { name: 'checksum', type: 'bytea', null: 'NO', default: null },
    { name: 'execution_time', type: 'bigint', null: 'NO', default: null },
  ]);
});

withServer('applies what is not recorded yet', async () => {
  await write({ '1_first.sql': 'CREATE TABLE first ()', '2_second.sql': 'CREATE TABLE second ()' });
  await run();
  await query('DELETE FROM _sqlx_migrations WHERE version = 2');
  await query('DROP TABLE second');
  expect((await pendingMigrations({ url, folder: folder.path })).pending).toMatchObject([{ version: '2' }]);
  expect(await run()).toMatchObject({
    alreadyApplied: 1,
    applied: [{ version: '2', description: 'second' }],
  });
});

withServer('names file, line and column of a failing statement and rolls the file back', async () => {
  await write({
    '1_good.sql': 'CREATE TABLE good ();',
    '2_bad.sql': "CREATE TABLE half ();\n-- ünïcödé 🦀 '\nSELECT 1 FROM\n  nowhere;\n",
  });
  const error = await failing();
  expect(error).toMatchObject({ code: 'migration-failed', exitCode: 1 });
  expect((error as Error).message).toContain(`${join(folder.path, '2_bad.sql')}:4:3`);
  expect((error as Error).message).toContain('relation "nowhere" does not exist');
  expect((error as Error).message).toMatch(/4 \| {3}nowhere;\n.*\^/);
  expect(await recorded()).toMatchObject([{ version: '1' }]);
  expect(await query(`SELECT to_regclass('good')::text AS good, to_regclass('half') AS half`)).toEqual([
    { good: 'good', half: null },
  ]);
});

withServer(
  'refuses an edited, a missing, a late and a half-applied migration, and applies nothing then',
  async () => {
    await write({ '1_first.sql': 'CREATE TABLE first ()', '3_third.sql': 'CREATE TABLE third ()' });
    await run();
    await write({ '4_fourth.sql': 'CREATE TABLE fourth ()', '1_first.sql': 'CREATE TABLE first (id INT)' });
    expect(await failing()).toMatchObject({ code: 'migration-edited' });
    await rm(join(folder.path, '1_first.sql'));
    expect(await failing()).toMatchObject({ code: 'migration-missing' });
    await write({ '1_first.sql': 'CREATE TABLE first ()', '2_second.sql': 'CREATE TABLE second ()' });
    expect(await failing()).toMatchObject({ code: 'migration-out-of-order' });
    await rm(join(folder.path, '2_second.sql'));
    await query('UPDATE _sqlx_migrations SET success = false WHERE version = 3');
    expect(await failing()).toMatchObject({ code: 'migration-dirty' });
    expect(await query(`SELECT to_regclass('fourth') AS fourth`)).toEqual([{ fourth: null }]);
  },
);

withServer(
  'runs a single statement without a transaction, and never records one of several that fails',
  async () => {
    await write({
      '1_table.sql': 'CREATE TABLE t (a INT)',
      '2_index.sql': '-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (a)',
    });
    expect((await run()).applied).toHaveLength(2);
    await write({
      '3_two.sql': '-- no-transaction\nCREATE TABLE u ();\nCREATE INDEX CONCURRENTLY j ON t (a);',
    });
    const error = await failing();
    expect(error).toMatchObject({ code: 'migration-failed' });
    expect((error as Error).message).toMatch(/leave one statement in .*3_two\.sql/);
    expect(await recorded()).toHaveLength(2);
    expect(await query(`SELECT to_regclass('u') AS u`)).toEqual([{ u: null }]);
  },
);

withServer('tells that a statement needs no-transaction', async () => {
  await write({ '1_index.sql': 'CREATE TABLE t (a INT);\nCREATE INDEX CONCURRENTLY i ON t (a);' });
  expect(((await failing()) as Error).message).toContain("put '-- no-transaction' as the first line");
});

withServer('waits for the lock of a running sqlx migrator, and says who holds it', async () => {
  await write({ '1_first.sql': 'SELECT 1' });
  await run();
  await withPostgres(
    url,
    async (holder) => {
      await holder.query('SELECT pg_advisory_lock($1)', [migrationLockKey(`my-service-${count}`).toString()]);
      const waiting = run();
      await eventually(
        () => lines.some((line) => /held by session \d+ \(the service, user tester/.test(line)),
        'a line',
      );
      await holder.query('SELECT pg_advisory_unlock_all()');
      expect((await waiting).alreadyApplied).toBe(1);
    },
    { applicationName: 'the service' },
  );
});

withServer('is called by several at once: each file is applied once', async () => {
  await write({ '1_first.sql': 'CREATE TABLE first ()', '2_second.sql': 'SELECT pg_sleep(0.3)' });
  const results = await Promise.all([run(), run(), run()]);
  expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 2]);
});

withServer('cancels the statement when it is aborted and leaves no session', async () => {
  await write({ '1_slow.sql': 'CREATE TABLE half (); SELECT pg_sleep(60); -- the slow one' });
  const controller = new AbortController();
  const running = failing({ signal: controller.signal });
  const sessions = (where: string) =>
    withPostgres(server?.url ?? '', async (client) => {
      const { rows } = await client.query(`SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND ${where}`, [
        `my-service-${count}`,
      ]);
      return rows.length;
    });
  await eventually(
    async () => (await sessions(`query LIKE '%the slow one%' AND state = 'active'`)) === 1,
    'it runs',
  );
  controller.abort();
  expect(await running).toBeInstanceOf(Error);
  await eventually(async () => (await sessions('true')) === 0, 'no session is left');
  expect(await query(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
});

withServer('shows what is pending without creating anything', async () => {
  await write({ '1_first.sql': 'SELECT 1' });
  const shown = await pendingMigrations({ url, folder: folder.path });
  expect(shown).toMatchObject({
    fresh: true,
    applied: [],
    pending: [{ version: '1', description: 'first' }],
  });
  await expect(query('SELECT 1')).rejects.toMatchObject({ code: '3D000' });
});

withServer('refuses another host and the settings of sqlx.toml that it does not follow', async () => {
  const remote = 'postgres://ann:s3cret@db.example.com/x';
  expect(await failing({ url: remote })).toMatchObject({ code: 'remote-refused', exitCode: 2 });
  const migrations = join(folder.path, 'migrations');
  await mkdir(migrations);
  await write({ 'sqlx.toml': '[migrate]\ntable-name = "my_migrations"\n' });
  expect(await failing({ folder: migrations })).toMatchObject({ code: 'sqlx-config', exitCode: 2 });
});
