import { redactUrl } from '../../process/redact';
import type { DepsEndpoints } from '../endpoints';
import { createServiceDatabase } from '../postgres/create-service-database';

export interface ConnectionVariable {
  name: 'DATABASE_URL' | 'REDIS_URL';
  /** With password. */
  url: string;
  /** For people: without it. */
  shown: string;
}

/** What a service connects to. Its own database is made on servers of this checkout; others are left as they are. */
export async function connectionVariables(
  { postgres, redis }: DepsEndpoints,
  service: string,
): Promise<ConnectionVariable[]> {
  const database = postgres?.owned ? await createServiceDatabase(postgres, service) : postgres?.url;
  return [
    ...(database ? [variable('DATABASE_URL', database)] : []),
    ...(redis ? [variable('REDIS_URL', redis.url)] : []),
  ];
}

function variable(name: ConnectionVariable['name'], url: string): ConnectionVariable {
  return { name, url, shown: redactUrl(url) };
}
