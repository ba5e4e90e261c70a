import type { Client } from 'pg';
import { EXIT, PlatformError } from '../../errors';
import { redactText, redactUrl } from '../../process/redact';
import { messageOf } from '../message-of';

/** PostgreSQL's error codes that this project decides by; https://www.postgresql.org/docs/current/errcodes-appendix.html. */
export const PG = {
  duplicateDatabase: '42P04',
  uniqueViolation: '23505',
  invalidCatalogName: '3D000',
  insufficientPrivilege: '42501',
  objectInUse: '55006',
  activeSqlTransaction: '25001',
  queryCanceled: '57014',
  cannotConnectNow: '57P03',
  invalidPassword: '28P01',
  invalidAuthorization: '28000',
} as const;

export interface ConnectOptions {
  /** Covers the TCP connection and the log-in. */
  connectTimeoutMs?: number;
  applicationName?: string;
  /** Ends the session: a running statement is cancelled on the server. */
  signal?: AbortSignal;
}

/** Opens one session, hands it to `work` and closes it, also when `work` throws. Errors of the connection are raw. */
export async function withPostgres<T>(
  url: string,
  work: (client: Client) => Promise<T>,
  options: ConnectOptions = {},
): Promise<T> {
  options.signal?.throwIfAborted();
  // Loading it takes long, and many commands never ask a server.
  const pg = await import('pg');
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    application_name: options.applicationName ?? 'rust-platform',
  });
  // A session that the server ends is reported by the pending query; without a listener it would end this process.
  client.on('error', () => undefined);
  await client.connect();
  const onAbort = (): void => void cancelStatements(url, client);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(client);
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    await client.end().catch(() => undefined);
  }
}

/** `withPostgres` whose connection errors are `PlatformError`s (`postgres-unreachable`) with host and cause, password hidden. */
export async function withNamedPostgres<T>(
  url: string,
  work: (client: Client) => Promise<T>,
  options: ConnectOptions = {},
): Promise<T> {
  let connected = false;
  try {
    return await withPostgres(
      url,
      (client) => {
        connected = true;
        return work(client);
      },
      options,
    );
  } catch (error) {
    throw connected || options.signal?.aborted ? error : unreachable(url, error);
  }
}

export function pgCodeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

export function unreachable(url: string, error: unknown): PlatformError {
  return new PlatformError({
    code: 'postgres-unreachable',
    what: `PostgreSQL at ${redactUrl(url)} does not let us in`,
    why: redactText(messageOf(error)),
    fix: 'check that the server runs and that user, password and database are right: rust-platform deps status',
    exitCode: EXIT.preflight,
    cause: error,
  });
}

async function cancelStatements(url: string, client: Client): Promise<void> {
  const { processID } = client as unknown as { processID: number | null };
  if (processID === null) return;
  await withPostgres(url, (other) => other.query('SELECT pg_cancel_backend($1)', [processID])).catch(
    () => undefined,
  );
}
