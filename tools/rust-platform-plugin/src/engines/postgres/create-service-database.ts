import { EXIT, PlatformError } from '../../errors';
import { redactUrl } from '../../process/redact';
import { messageOf } from '../message-of';
import type { ServerEndpoint } from '../endpoints';
import { PG, pgCodeOf, unreachable, withPostgres } from './connect-postgres';
import { parsePostgresUrl, withDatabase } from './postgres-url';
import { quoteIdentifier } from './quote-identifier';
import { serviceDatabaseUrl } from './service-database-url';

/** Bytes that PostgreSQL keeps of a name; it cuts longer ones silently, so two could become one. */
const MAX_NAME_BYTES = 63;

/**
 * Creates the service's own database if it is missing and resolves with its URL (with password: redact before printing).
 * Several callers at once are fine. Throws `database-name`, `database-not-created`, `postgres-unreachable`.
 */
export async function createServiceDatabase(endpoint: ServerEndpoint, name: string): Promise<string> {
  const url = serviceDatabaseUrl(endpoint, name);
  assertDatabaseName(parsePostgresUrl(url).database);
  await ensureDatabase(url);
  return url;
}

/** Creates the database that `url` names unless it exists; true when it was created. */
export async function ensureDatabase(url: string): Promise<boolean> {
  const { database } = parsePostgresUrl(url);
  if (await canConnect(url)) return false;
  const maintenance = withDatabase(url, database === 'postgres' ? 'template1' : 'postgres');
  try {
    await withPostgres(maintenance, (client) => client.query(`CREATE DATABASE ${quoteIdentifier(database)}`));
    return true;
  } catch (error) {
    // Somebody else was faster: PostgreSQL says one or the other, depending on how close the two came.
    if (pgCodeOf(error) === PG.duplicateDatabase || pgCodeOf(error) === PG.uniqueViolation) return false;
    throw notCreated(url, database, error);
  }
}

export function assertDatabaseName(name: string): void {
  if (name !== '' && Buffer.byteLength(name) <= MAX_NAME_BYTES && !name.includes('\0')) return;
  throw new PlatformError({
    code: 'database-name',
    what: `'${name}' cannot be the name of a database`,
    why: `PostgreSQL keeps ${MAX_NAME_BYTES} bytes of a name and this one has ${Buffer.byteLength(name)}`,
    fix: 'give the crate a shorter name in its Cargo.toml',
    exitCode: EXIT.usage,
  });
}

async function canConnect(url: string): Promise<boolean> {
  try {
    await withPostgres(url, (client) => client.query('SELECT 1'));
    return true;
  } catch (error) {
    if (pgCodeOf(error) === PG.invalidCatalogName) return false;
    throw unreachable(url, error);
  }
}

function notCreated(url: string, database: string, error: unknown): PlatformError {
  const { user } = parsePostgresUrl(url);
  const forbidden = pgCodeOf(error) === PG.insufficientPrivilege;
  return new PlatformError({
    code: 'database-not-created',
    what: `database '${database}' could not be created on ${redactUrl(url)}`,
    why: messageOf(error),
    fix: forbidden
      ? `let an administrator run: CREATE DATABASE ${quoteIdentifier(database)} OWNER ${quoteIdentifier(user)};`
      : `create it by hand: CREATE DATABASE ${quoteIdentifier(database)};`,
    cause: error,
  });
}
