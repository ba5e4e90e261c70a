import type { Provider, ServerKind } from './deps-types';

/** How servers and providers are called in messages. */
export const SERVER_NAME: Record<ServerKind, string> = { postgres: 'PostgreSQL', redis: 'Redis' };

export const PROVIDER_NAME: Record<Provider, string> = {
  given: 'given endpoint',
  compose: 'Docker Compose',
  local: 'local binaries',
  embedded: 'embedded binaries',
};

export const URL_VARIABLE: Record<ServerKind, string> = { postgres: 'DATABASE_URL', redis: 'REDIS_URL' };
