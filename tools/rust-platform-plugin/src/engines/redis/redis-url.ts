import { EXIT, PlatformError } from '../../errors';
import { redactUrl } from '../../process/redact';

export interface RedisAddress {
  /** Host name, address, or the path of a Unix socket. */
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  database: number;
}

/** `redis://user:password@host:port/database`, `rediss://…` for TLS, `unix:///path` and `redis+unix:///path` for a socket. */
export function parseRedisUrl(url: string): RedisAddress {
  const parsed = tryParse(url);
  if (!parsed || !/^(rediss?|unix|redis\+unix):$/.test(parsed.protocol)) throw invalid(url);
  const socket = parsed.protocol.includes('unix');
  return {
    host: socket
      ? decodeURIComponent(parsed.pathname)
      : parsed.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: Number(parsed.port || 6379),
    user: decodeURIComponent(parsed.username) || undefined,
    password: decodeURIComponent(parsed.password) || undefined,
    database: socket ? Number(parsed.searchParams.get('db') ?? 0) : databaseOf(parsed.pathname, url),
  };
}

/** The same server, another database number. */
export function withRedisDatabase(url: string, database: number): string {
  const parsed = tryParse(url);
  if (!parsed) throw invalid(url);
  if (parsed.protocol.includes('unix')) parsed.searchParams.set('db', String(database));
  else parsed.pathname = `/${database}`;
  return parsed.toString();
}

export function formatRedisUrl({ host, port, user, password, database }: RedisAddress): string {
  const credentials =
    password === undefined ? '' : `${encodeURIComponent(user ?? '')}:${encodeURIComponent(password)}@`;
  return `redis://${credentials}${host.includes(':') ? `[${host}]` : host}:${port}/${database}`;
}

function databaseOf(path: string, url: string): number {
  const text = path.replace(/^\//, '');
  if (!/^\d*$/.test(text)) throw invalid(url);
  return Number(text || 0);
}

function tryParse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function invalid(url: string): PlatformError {
  return new PlatformError({
    code: 'invalid-url',
    what: `REDIS_URL is not a Redis URL: ${redactUrl(url)}`,
    fix: 'write it as REDIS_URL=redis://:password@127.0.0.1:6379/0 (special characters %-encoded)',
    exitCode: EXIT.usage,
  });
}
