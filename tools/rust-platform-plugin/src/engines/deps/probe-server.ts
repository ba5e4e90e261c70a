import type { ServerEndpoint } from '../endpoints';
import { markPostgres, probePostgres } from '../postgres/probe-postgres';
import { markRedis, probeRedis } from '../redis/probe-redis';

export interface ServerFacts {
  version: string;
  /** Id of the checkout that marked it, if any. */
  marker: string | undefined;
  /** Redis only. */
  processId: number | undefined;
  /** PostgreSQL only, and only for a user who may see it. */
  dataDirectory: string | undefined;
}

/** Asks a server who it is by a query. Throws the raw connection error when it does not answer. */
export async function probeServer(endpoint: ServerEndpoint, timeoutMs?: number): Promise<ServerFacts> {
  return endpoint.kind === 'postgres'
    ? { processId: undefined, ...(await probePostgres(endpoint.url, timeoutMs)) }
    : { dataDirectory: undefined, ...(await probeRedis(endpoint.url, timeoutMs)) };
}

/** Writes the checkout's id into a server that this checkout started. */
export async function markServer(endpoint: ServerEndpoint, checkoutId: string): Promise<void> {
  if (endpoint.kind === 'postgres') await markPostgres(endpoint.url, checkoutId);
  else await markRedis(endpoint.url, checkoutId);
}
