import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findExecutable, run } from '../../process/run';
import { startPrivatePostgres, type PrivateServer } from '../../testing/servers';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { withPostgres } from '../postgres/connect-postgres';
import { ensureDatabase } from '../postgres/create-service-database';
import { withDatabase } from '../postgres/postgres-url';
import { migrate } from './migrate';

jest.setTimeout(120_000);

const FILES = {
  '20240101000000_create_users_table.sql': 'CREATE TABLE users (id BIGINT PRIMARY KEY);\n',
  '20240102000000_add__name_.up.sql': '-- windows line ends\r\nALTER TABLE users ADD name TEXT;\r\n',
  '20240102000000_add__name_.down.sql': 'ALTER TABLE users DROP name;\n',
  '20240103000000_index.sql': '-- no-transaction\nCREATE INDEX CONCURRENTLY names ON users (name);\n',
  '20240104000000_odd.sql.sql': "INSERT INTO users VALUES (1, 'ünïcödé 🦀');",
};

let server: PrivateServer | undefined;
let sqlx: string | undefined;
let folder: TemporaryFolder;

beforeAll(async () => {
  server = await startPrivatePostgres();
  sqlx = await findExecutable('sqlx');
  // Takes minutes to install, so CI is not asked for it; the table and the checksums are compared in migrate's own spec too.
  if (!sqlx)
    process.stderr.write(
      'skipped: sqlx is not installed: cargo install sqlx-cli --no-default-features -F postgres\n',
    );
  folder = await temporaryFolder('sqlx');
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder.path, name), text);
});

afterAll(async () => {
  await server?.stop();
  await folder.remove();
});

async function rows(url: string): Promise<unknown[]> {
  return withPostgres(url, async (client) => {
    const sql = `SELECT version, description, success, checksum, execution_time > 0 AS timed FROM _sqlx_migrations ORDER BY 1`;
    return (await client.query(sql)).rows as unknown[];
  });
}

async function runSqlx(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(sqlx ?? '', [...args, '--source', folder.path], {
    timeoutMs: 60_000,
  });
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

it('leaves the same rows as sqlx-cli, and each takes the other’s work for done', async () => {
  if (!server || !sqlx) return;
  const ours = withDatabase(server.url, 'ours');
  const theirs = withDatabase(server.url, 'theirs');
  const report = (): void => undefined;
  await migrate({ url: ours, folder: folder.path, report, allowRemote: false });
  await ensureDatabase(theirs);
  await runSqlx('migrate', 'run', '--database-url', theirs);
  expect(await rows(ours)).toEqual(await rows(theirs));
  expect(await runSqlx('migrate', 'run', '--database-url', ours)).not.toContain('Applied');
  expect(await runSqlx('migrate', 'info', '--database-url', ours)).not.toMatch(/pending|different checksum/);
  const again = await migrate({ url: theirs, folder: folder.path, report, allowRemote: false });
  expect(again).toEqual({ applied: [], alreadyApplied: 4 });
});
