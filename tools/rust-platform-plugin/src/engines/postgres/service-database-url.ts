import type { ServerEndpoint } from '../endpoints';
import { parsePostgresUrl, withDatabase } from './postgres-url';

/** Databases that every server has; a URL that ends in one names the server, not a service's data. */
const MAINTENANCE = ['postgres', 'template1'];

/**
 * The URL of a service's own database: `<service>` on our servers and on one that was given by the URL of its maintenance
 * database; else exactly the database that was given. With password: redact before printing.
 */
export function serviceDatabaseUrl(endpoint: ServerEndpoint, service: string): string {
  const given = endpoint.provider === 'given' ? parsePostgresUrl(endpoint.url).database : 'postgres';
  return MAINTENANCE.includes(given) ? withDatabase(endpoint.url, service) : endpoint.url;
}
