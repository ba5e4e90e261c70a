import type { Client } from 'pg';
import type { ProcessIdentity } from '../../process/process-identity';
import type { Report, ServerEndpoint } from '../endpoints';
import { withNamedPostgres } from './connect-postgres';
import { ensureTemplate, withTemplateLock } from './database-template';
import { dropLeftOvers, dropTestDatabase } from './drop-database';
import { withDatabase } from './postgres-url';
import { quoteIdentifier } from './quote-identifier';
import { isTemplateOf, testDatabaseName } from './test-database-name';

export interface TestDatabaseRequest {
  endpoint: ServerEndpoint;
  /** When this process is gone the database is a left-over, and the next caller drops it. */
  owner: ProcessIdentity;
  /** Nx project name; part of the database's name. */
  service: string;
  /** Absolute folder of sqlx migrations; without it the database is empty. */
  migrations?: string;
  report: Report;
  signal?: AbortSignal;
}

export interface TestDatabase {
  /** With password: redact before printing. */
  url: string;
  name: string;
  /** Ends sessions that are still open and drops it; safe to call twice. */
  drop(): Promise<void>;
}

/**
 * A fresh database `rp_test_…`, cloned from a template that is migrated once per state of the migrations. Left-overs of
 * killed runs on this machine are dropped first. Throws the errors of `migrate`, and `postgres-unreachable`.
 */
export async function createTestDatabase(request: TestDatabaseRequest): Promise<TestDatabase> {
  const { endpoint, owner, service, report, signal } = request;
  const name = testDatabaseName(owner, service);
  const maintenance = endpoint.owned ? withDatabase(endpoint.url, 'postgres') : endpoint.url;
  await withNamedPostgres(
    maintenance,
    async (client) => {
      await dropLeftOvers(client, report);
      await createDatabase(client, name, maintenance, request);
    },
    { signal },
  );
  return { url: withDatabase(endpoint.url, name), name, drop: () => drop(name, maintenance, request) };
}

async function createDatabase(
  client: Client,
  name: string,
  url: string,
  { migrations, ...request }: TestDatabaseRequest,
): Promise<void> {
  if (migrations === undefined) {
    await client.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`);
    return;
  }
  await withTemplateLock(
    client,
    request.service,
    async () => {
      const template = await ensureTemplate({ ...request, client, url, migrations });
      await client.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE ${quoteIdentifier(template)}`);
    },
    request.signal,
  );
}

async function drop(
  name: string,
  url: string,
  { endpoint, service, migrations }: TestDatabaseRequest,
): Promise<void> {
  await withNamedPostgres(url, async (client) => {
    await dropTestDatabase(client, name);
    if (endpoint.provider === 'given' && migrations !== undefined) await dropTemplates(client, service);
  });
}

/** A server that is not ours is left as it was found. */
async function dropTemplates(client: Client, service: string): Promise<void> {
  await withTemplateLock(client, service, async () => {
    const { rows } = await client.query<{ name: string }>('SELECT datname AS name FROM pg_database');
    for (const { name } of rows.filter((row) => isTemplateOf(service, row.name)))
      await dropTestDatabase(client, name);
  });
}
