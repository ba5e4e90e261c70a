import { findPostgresBinaries } from '../postgres/postgres-binaries';
import { findRedisBinary } from '../redis/redis-binaries';
import { preferredPort, type Availability, type ProviderContext } from './provider';
import type { ServerKind } from './deps-types';
import { serverCredentials } from './server-credentials';
import { startLocalPostgres, startLocalRedis } from './start-local-server';

/** Server programs that are installed on this machine. */
export async function findLocalProvider(context: ProviderContext, kind: ServerKind): Promise<Availability> {
  return kind === 'postgres' ? findLocalPostgres(context) : findLocalRedis(context);
}

async function findLocalPostgres(context: ProviderContext): Promise<Availability> {
  const binaries = await findPostgresBinaries(context.env);
  if (!binaries) return { reason: 'postgres and initdb are neither on PATH nor in the usual folders' };
  return {
    candidate: {
      kind: 'postgres',
      provider: 'local',
      detail: `${binaries.postgres} ${binaries.version}`,
      preferredPort: preferredPort(context.options, 'postgres'),
      prepare: async () => undefined,
      start: async (start) => {
        const { user, password } = await serverCredentials(context, 'postgres');
        const credentials = { user: user ?? 'platform', password: password ?? 'platform' };
        return startLocalPostgres({ binaries, provider: 'local', credentials }, context, start);
      },
    },
  };
}

async function findLocalRedis(context: ProviderContext): Promise<Availability> {
  const binary = await findRedisBinary(context.env);
  if (!binary) return { reason: 'neither redis-server nor valkey-server is on PATH' };
  return {
    candidate: {
      kind: 'redis',
      provider: 'local',
      detail: `${binary.server} ${binary.version}`,
      preferredPort: preferredPort(context.options, 'redis'),
      prepare: async () => undefined,
      start: async (start) => {
        const { password } = await serverCredentials(context, 'redis');
        return startLocalRedis({ binary, provider: 'local', password }, context, start);
      },
    },
  };
}
