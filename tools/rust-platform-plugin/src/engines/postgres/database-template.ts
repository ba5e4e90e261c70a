import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { ProcessIdentity } from '../../process/process-identity';
import type { Report } from '../endpoints';
import { migrate } from '../migrations/migrate';
import { readMigrations } from '../migrations/read-migrations';
import { dropTestDatabase } from './drop-database';
import { withDatabase } from './postgres-url';
import { quoteIdentifier } from './quote-identifier';
import { isTemplateOf, templateName, templatePrefix, testDatabaseName } from './test-database-name';

export interface TemplateRequest {
  /** Session in the maintenance database. */
  client: Client;
  /** URL of the maintenance database. */
  url: string;
  owner: ProcessIdentity;
  service: string;
  migrations: string;
  report: Report;
  signal?: AbortSignal;
}

/** One at a time per service: whoever makes, clones or drops its template. Polled, so that nobody waits with a snapshot. */
export async function withTemplateLock<T>(
  client: Client,
  service: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const key = createHash('sha256')
    .update(`rust-platform template ${templatePrefix(service)}`)
    .digest()
    .readBigInt64BE()
    .toString();
  while (!(await tryLock(client, key))) await sleep(100, undefined, { signal });
  try {
    return await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [key]).catch(() => undefined);
  }
}

/**
 * Name of the migrated template, made if missing; older ones of the service are dropped. Call it with the lock. It grows
 * under a temporary name, so that a killed builder leaves no half-migrated template, only a left-over.
 */
export async function ensureTemplate(request: TemplateRequest): Promise<string> {
  const { client, service } = request;
  const name = templateName(service, await templateHash(request));
  const { rows } = await client.query<{ name: string }>(
    String.raw`SELECT datname AS name FROM pg_database WHERE datname LIKE 'rp\_test\_tpl\_%'`,
  );
  const existing = rows.map((row) => row.name).filter((found) => isTemplateOf(service, found));
  for (const old of existing.filter((found) => found !== name)) await dropTestDatabase(client, old);
  if (!existing.includes(name)) await buildTemplate(request, name);
  return name;
}

async function buildTemplate(request: TemplateRequest, name: string): Promise<void> {
  const { client, url, owner, service, migrations, report, signal } = request;
  const temporary = testDatabaseName(owner, service);
  await client.query(`CREATE DATABASE ${quoteIdentifier(temporary)} TEMPLATE template0`);
  try {
    // Where this database lies was judged by whoever gave the endpoint.
    const { applied } = await migrate({
      url: withDatabase(url, temporary),
      folder: migrations,
      report: () => undefined,
      allowRemote: true,
      signal,
    });
    // A session in it would make cloning fail.
    await client.query(`ALTER DATABASE ${quoteIdentifier(temporary)} ALLOW_CONNECTIONS false`);
    await client.query(`ALTER DATABASE ${quoteIdentifier(temporary)} RENAME TO ${quoteIdentifier(name)}`);
    report(`test database template of ${service}: ${applied.length} migrations applied`);
  } catch (error) {
    await dropTestDatabase(client, temporary).catch(() => undefined);
    throw error;
  }
}

async function templateHash({ client, migrations }: TemplateRequest): Promise<string> {
  const hash = createHash('sha256');
  const { rows } = await client.query<{ version: string }>(
    "SELECT current_setting('server_version') AS version",
  );
  hash.update(rows[0]?.version ?? '');
  for (const { version, description, checksum, kind } of (await readMigrations(migrations)).migrations) {
    if (kind !== 'down') hash.update(`\n${version} ${description} `).update(checksum);
  }
  return hash.digest('hex');
}

async function tryLock(client: Client, key: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
    key,
  ]);
  return rows[0]?.locked === true;
}
