import { userInfo } from 'node:os';
import { EXIT, PlatformError } from '../../errors';
import { redactUrl } from '../../process/redact';

export interface PostgresAddress {
  /** Host name, address, or the folder of a Unix socket. */
  host: string;
  port: number;
  user: string;
  password: string | undefined;
  database: string;
}

/** Understands what libpq, sqlx and pg share: `postgres://user:password@host:port/database?host=/socket/folder`. */
export function parsePostgresUrl(url: string, source = 'DATABASE_URL'): PostgresAddress {
  const parsed = parseUrl(url, source);
  const query = parsed.searchParams;
  const user = decodeURIComponent(parsed.username) || query.get('user') || userInfo().username;
  return {
    host: query.get('host') ?? (unbracket(decodeURIComponent(parsed.hostname)) || 'localhost'),
    port: Number(query.get('port') ?? (parsed.port || 5432)),
    user,
    password: decodeURIComponent(parsed.password) || query.get('password') || undefined,
    database: decodeURIComponent(parsed.pathname.slice(1)) || query.get('dbname') || user,
  };
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const parsed = parseUrl(url, 'DATABASE_URL');
  parsed.searchParams.delete('dbname');
  parsed.pathname = `/${encodeURIComponent(database)}`;
  return parsed.toString();
}

export function formatPostgresUrl(address: PostgresAddress): string {
  const user = encodeURIComponent(address.user);
  const password = address.password === undefined ? '' : `:${encodeURIComponent(address.password)}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `postgres://${user}${password}@${host}:${address.port}/${encodeURIComponent(address.database)}`;
}

function parseUrl(url: string, source: string): URL {
  const parsed = URL.parse?.(url) ?? tryParse(url);
  if (parsed && /^postgres(ql)?:$/.test(parsed.protocol)) return parsed;
  throw new PlatformError({
    code: 'invalid-url',
    what: `${source} is not a PostgreSQL URL: ${redactUrl(url)}`,
    fix: `write it as ${source}=postgres://user:password@127.0.0.1:5432/database (special characters %-encoded)`,
    exitCode: EXIT.usage,
  });
}

function tryParse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function unbracket(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
