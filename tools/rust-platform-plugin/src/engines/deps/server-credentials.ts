import { join } from 'node:path';
import { readComposeFile } from '../docker/compose-file';
import type { ServerKind } from './deps-types';
import type { ProviderContext } from './provider';

const DEFAULT = { user: 'platform', password: 'platform' };

/**
 * User and password of servers that are started without Docker: those of the Compose file, so that a service sees the
 * same either way; else platform/platform for PostgreSQL and none for Redis.
 */
export async function serverCredentials(
  { root, options, env }: ProviderContext,
  kind: ServerKind,
): Promise<{ user: string; password: string } | { user: undefined; password: string | undefined }> {
  const file = await readComposeFile(join(root, options.composeFile), env);
  const server = file?.servers[kind];
  if (kind === 'redis') return { user: undefined, password: server?.password };
  return server?.password === undefined
    ? DEFAULT
    : { user: server.user ?? DEFAULT.user, password: server.password };
}
