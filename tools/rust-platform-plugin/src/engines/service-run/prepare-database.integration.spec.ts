import { serviceDatabaseUrl } from '../postgres/service-database-url';
import { Client } from 'pg';
import { startPrivatePostgres, type PrivateServer } from '../../testing/servers';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { writeFiles } from '../../testing/write-files';
import { prepareDatabase } from './prepare-database';

jest.setTimeout(120_000);

let postgres: PrivateServer | undefined;
let folder: TemporaryFolder;

beforeAll(async () => {
  postgres = await startPrivatePostgres();
  folder = await temporaryFolder('migrations');
  await writeFiles(folder.path, { '1_create_things.sql': 'CREATE TABLE things (id BIGINT);\n' });
});
afterAll(async () => {
  await postgres?.stop();
  await folder.remove();
});

const withPostgres = (work: (server: PrivateServer) => Promise<void>) => async () => {
  // The reason was printed; in CI the missing server is an error.
  if (postgres) await work(postgres);
};

async function tables(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `SELECT count(*)::int AS count FROM pg_tables WHERE tablename = 'things'`,
  );
  await client.end();
  return rows[0].count;
}

describe('prepareDatabase', () => {
  it(
    'creates and migrates the database on a server of ours, and finds it done the second time',
    withPostgres(async (endpoint) => {
      for (let time = 1; time <= 2; time++) {
        const request = { endpoint, project: 'store', migrations: folder.path, report: () => undefined };
        const { url, notes } = await prepareDatabase(request);
        expect(new URL(url).pathname).toBe('/store');
        expect(notes).toEqual([]);
        expect(await tables(url)).toBe(1);
      }
    }),
  );

  it(
    'changes nothing on a server that was given, and names what is pending',
    withPostgres(async (server) => {
      const endpoint = { ...server, provider: 'given' as const, owned: false };
      const request = { endpoint, project: 'other', migrations: folder.path, report: () => undefined };
      expect(await prepareDatabase(request)).toEqual({
        url: serviceDatabaseUrl(endpoint, 'other'),
        notes: ['1 migration is pending, and the server is not ours: rust-platform db-migrate other'],
      });
      expect(await tables(server.url)).toBe(0);
    }),
  );
});
