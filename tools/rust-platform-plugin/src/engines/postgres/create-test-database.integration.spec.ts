import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownIdentity, type ProcessIdentity } from '../../process/process-identity';
import { startPrivatePostgres, type PrivateServer } from '../../testing/servers';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import type { ServerEndpoint } from '../endpoints';
import { withPostgres } from './connect-postgres';
import { createServiceDatabase } from './create-service-database';
import { createTestDatabase, type TestDatabase, type TestDatabaseRequest } from './create-test-database';
import { testDatabaseName } from './test-database-name';

jest.setTimeout(120_000);

const DEAD: ProcessIdentity = { pid: 999_999_999, startTime: 'long ago' };

let server: PrivateServer | undefined;
let folder: TemporaryFolder;
const lines: string[] = [];
const created: TestDatabase[] = [];

beforeAll(async () => {
  server = await startPrivatePostgres();
});

afterAll(async () => {
  await server?.stop();
});

beforeEach(async () => {
  folder = await temporaryFolder('test-database');
  await writeFile(join(folder.path, '1_users.sql'), 'CREATE TABLE users (name TEXT);');
  lines.length = 0;
});

afterEach(async () => {
  for (const database of created.splice(0)) await database.drop();
  if (server) expect((await databases()).filter((name) => /^rp_test_\d/.test(name))).toEqual([]);
  await folder.remove();
});

function withServer(name: string, test: (endpoint: ServerEndpoint) => Promise<void>): void {
  it(name, async () => {
    if (server) await test(server);
  });
}

async function create(changes: Partial<TestDatabaseRequest> = {}): Promise<TestDatabase> {
  const endpoint = server as ServerEndpoint;
  const request = { endpoint, owner: ownIdentity(), service: 'url-shortener', migrations: folder.path };
  const database = await createTestDatabase({ ...request, report: (line) => lines.push(line), ...changes });
  created.push(database);
  return database;
}

async function databases(): Promise<string[]> {
  const sql = "SELECT datname AS name FROM pg_database WHERE datname LIKE 'rp%' ORDER BY 1";
  return withPostgres(server?.url ?? '', async (client) =>
    (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name),
  );
}

const templates = async () =>
  (await databases()).filter((name) => name.startsWith('rp_test_tpl_url_shortener_'));

withServer('clones a template that is migrated once', async () => {
  const first = await create();
  await withPostgres(first.url, (client) => client.query("INSERT INTO users VALUES ('ann')"));
  const began = performance.now();
  const second = await create();
  console.info(`clone of a template: ${Math.round(performance.now() - began)} ms`);
  const { rows } = await withPostgres(second.url, (client) =>
    client.query('SELECT count(*)::int AS n FROM users'),
  );
  expect(rows).toEqual([{ n: 0 }]);
  expect(lines.filter((line) => line.includes('template'))).toHaveLength(1);
  expect(await templates()).toHaveLength(1);
});

withServer('makes a new template when a migration comes, and drops the old one', async () => {
  await create();
  const [before] = await templates();
  await writeFile(join(folder.path, '2_more.sql'), 'CREATE TABLE more ();');
  const database = await create();
  await withPostgres(database.url, (client) => client.query('SELECT * FROM more'));
  const after = await templates();
  expect(after).toHaveLength(1);
  expect(after[0]).not.toBe(before);
});

withServer('is called by several at once', async () => {
  await writeFile(join(folder.path, '3_slow.sql'), 'SELECT pg_sleep(0.2);');
  const all = await Promise.all(Array.from({ length: 6 }, () => create()));
  expect(new Set(all.map(({ name }) => name)).size).toBe(6);
  expect(lines.filter((line) => line.includes('template'))).toHaveLength(1);
});

withServer('ends open sessions at the drop, and may be dropped twice', async () => {
  const database = await create({ migrations: undefined });
  await withPostgres(database.url, async (client) => {
    await database.drop();
    await expect(client.query('SELECT 1')).rejects.toThrow();
  });
  await database.drop();
});

withServer('leaves no database and no template when a migration fails', async () => {
  const before = await databases();
  await writeFile(join(folder.path, '4_bad.sql'), 'SELECT 1 FROM nowhere');
  await expect(create()).rejects.toMatchObject({ code: 'migration-failed' });
  expect((await databases()).filter((name) => !before.includes(name))).toEqual([]);
});

withServer('drops what dead owners of this machine left, and nothing else', async (endpoint) => {
  const dead = testDatabaseName(DEAD, 'url-shortener');
  const recycled = testDatabaseName({ pid: process.pid, startTime: 'before' }, 'url-shortener');
  const elsewhere = dead.replace(/^(rp_test_\d+_[0-9a-f]{6}_)[0-9a-f]{6}/, '$1ffffff');
  const names = [dead, recycled, elsewhere, 'rp_testimony', 'rp_test_mine'];
  for (const name of names) await createServiceDatabase(endpoint, name);
  const living = await create({ service: 'other' });
  await create();
  expect((await databases()).filter((name) => names.includes(name) || name === living.name).sort()).toEqual(
    [elsewhere, 'rp_testimony', 'rp_test_mine', living.name].sort(),
  );
  expect(lines.filter((line) => line.includes('left over by a run that was killed'))).toHaveLength(2);
  await withPostgres(endpoint.url, async (client) => {
    for (const name of [elsewhere, 'rp_testimony', 'rp_test_mine'])
      await client.query(`DROP DATABASE "${name}"`);
  });
});

withServer('drops the template as well on a server that is not ours', async (endpoint) => {
  const database = await create({ endpoint: { ...endpoint, provider: 'given', owned: false } });
  expect(await templates()).toHaveLength(1);
  await database.drop();
  expect(await templates()).toEqual([]);
});

withServer('creates a service database once, with a name that needs quotes', async (endpoint) => {
  const name = 'url-shortener" Ünï %';
  const urls = await Promise.all([1, 2, 3].map(() => createServiceDatabase(endpoint, name)));
  const { rows } = await withPostgres(urls[0] ?? '', (client) =>
    client.query('SELECT current_database() AS name'),
  );
  expect(rows).toEqual([{ name }]);
  await expect(createServiceDatabase(endpoint, 'x'.repeat(64))).rejects.toMatchObject({
    code: 'database-name',
  });
  await withPostgres(endpoint.url, (client) => client.query('DROP DATABASE "url-shortener"" Ünï %"'));
});
