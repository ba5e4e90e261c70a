import { chmod, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { createServerFolder } from '../postgres/data-place';
import { initialisePostgres, type PostgresCredentials } from '../postgres/initialise-postgres';
import { markPostgres } from '../postgres/probe-postgres';
import type { PostgresBinaries } from '../postgres/postgres-binaries';
import { postgresServerUser } from '../postgres/server-user';
import { startPostgres } from '../postgres/start-postgres';
import { markRedis } from '../redis/probe-redis';
import type { RedisBinary } from '../redis/redis-binaries';
import { startRedis } from '../redis/start-redis';
import { depsFolder, endpointOf, type ServerState } from './deps-state';
import type { ProviderContext, StartContext } from './provider';

type Local = 'local' | 'embedded';

/** A PostgreSQL of this checkout with its data in `<state>/deps/postgres/<major version>`: versions do not share data. */
export async function startLocalPostgres(
  request: { binaries: PostgresBinaries; provider: Local; credentials: PostgresCredentials },
  context: ProviderContext,
  start: StartContext,
): Promise<ServerState> {
  const { binaries, provider } = request;
  const major = binaries.version.split('.')[0] ?? binaries.version;
  const user = await postgresServerUser();
  const folder = await realpath(
    await createServerFolder({
      wanted: join(depsFolder(start.checkout.root, context.options.stateDirectory), 'postgres', major),
      checkoutId: start.checkout.id,
      name: `postgres-${major}`,
      user,
      report: context.report,
    }),
  );
  const credentials = await initialisePostgres({
    binaries,
    folder,
    user,
    credentials: request.credentials,
    signal: context.signal,
  });
  const state = stateOf('postgres', provider, {
    ...credentials,
    version: binaries.version,
    port: start.port,
  });
  state.dataDirectory = join(folder, 'data');
  await start.remember(state);
  const onSpawned = (identity: ServerState['identity']): Promise<void> =>
    start.remember({ ...state, identity });
  const started = await startPostgres({
    ...context,
    binaries,
    folder,
    port: start.port,
    user,
    credentials,
    onSpawned,
  });
  await markPostgres(endpointOf(state).url, start.checkout.id);
  return { ...state, ...started, phase: 'running' };
}

/** A Redis of this checkout with its data in `<state>/deps/redis/<flavour>-<major version>`: older ones cannot read newer files. */
export async function startLocalRedis(
  request: { binary: RedisBinary; provider: Local; password: string | undefined },
  context: ProviderContext,
  start: StartContext,
): Promise<ServerState> {
  const { binary, provider, password } = request;
  const name = `${binary.flavour}-${binary.version.split('.')[0]}`;
  const wanted = join(depsFolder(start.checkout.root, context.options.stateDirectory), 'redis', name);
  await mkdir(wanted, { recursive: true });
  await chmod(wanted, 0o700);
  const folder = await realpath(wanted);
  const state = stateOf('redis', provider, {
    user: undefined,
    password,
    version: binary.version,
    port: start.port,
  });
  state.dataDirectory = join(folder, 'data');
  await start.remember(state);
  const onSpawned = (identity: ServerState['identity']): Promise<void> =>
    start.remember({ ...state, identity });
  const started = await startRedis({
    binary,
    folder,
    port: start.port,
    password,
    onSpawned,
    signal: context.signal,
  });
  await markRedis(endpointOf(state).url, start.checkout.id);
  return { ...state, ...started, phase: 'running' };
}

function stateOf(
  kind: ServerState['kind'],
  provider: Local,
  facts: Pick<ServerState, 'user' | 'password' | 'version' | 'port'>,
): ServerState {
  return { kind, provider, phase: 'starting', pinned: false, startedAt: new Date().toISOString(), ...facts };
}
