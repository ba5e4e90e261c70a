import { redactUrl } from '../../process/redact';
import type { DepsEndpoints, ServerEndpoint } from '../endpoints';
import { unreachable } from '../postgres/connect-postgres';
import { parsePostgresUrl } from '../postgres/postgres-url';
import { redisUnreachable } from '../redis/connect-redis';
import { parseRedisUrl } from '../redis/redis-url';
import type { EnsureDepsRequest, ServerKind } from './deps-types';
import { probeServer } from './probe-server';
import { allowedProviders } from './provider-order';
import { refuseRemoteHost } from './refuse-remote-host';
import { SERVER_NAME, URL_VARIABLE } from './server-names';

export type GivenRequest = Pick<EnsureDepsRequest, 'needs' | 'env' | 'allowRemote'>;

/**
 * The servers that DATABASE_URL and REDIS_URL name: verified by a query, never started or stopped. All addresses are
 * judged before any is contacted. Throws `remote-refused`, `invalid-url`, `postgres-unreachable`, `redis-unreachable`.
 */
export async function resolveGivenEndpoints(
  request: GivenRequest,
  report: (line: string) => void,
): Promise<DepsEndpoints> {
  const named = namedEndpoints(request);
  await Promise.all(named.map(verify));
  for (const { kind, version, url } of named) {
    report(`${SERVER_NAME[kind]}: ${URL_VARIABLE[kind]} is set: ${redactUrl(url)} answers (${version})`);
  }
  return Object.fromEntries(named.map((endpoint) => [endpoint.kind, endpoint]));
}

/** What the environment names, not contacted; remote hosts are refused. */
export function namedEndpoints({ needs, env, allowRemote }: GivenRequest): ServerEndpoint[] {
  if (!allowedProviders(env).includes('given')) return [];
  const kinds = needs.filter((kind) => (env[URL_VARIABLE[kind]] ?? '') !== '');
  const endpoints = kinds.map((kind) => describeGiven(kind, env[URL_VARIABLE[kind]] ?? ''));
  for (const { kind, host } of endpoints)
    refuseRemoteHost({ host, variable: URL_VARIABLE[kind], allowRemote });
  return endpoints;
}

function describeGiven(kind: ServerKind, url: string): ServerEndpoint {
  const { host, port, user, password } = kind === 'postgres' ? parsePostgresUrl(url) : parseRedisUrl(url);
  return { kind, provider: 'given', host, port, user, password, url, version: '', owned: false };
}

async function verify(endpoint: ServerEndpoint): Promise<void> {
  try {
    endpoint.version = (await probeServer(endpoint)).version;
  } catch (error) {
    throw endpoint.kind === 'postgres'
      ? unreachable(endpoint.url, error)
      : redisUnreachable(endpoint.url, error);
  }
}
