import { EXIT, PlatformError } from '../../errors';
import { PROTOCOL, pluginVersion } from './protocol';
import { startService, type RunningService, type StartOptions } from './running-service';
import type { ServiceSpec, ServiceState } from './service-spec';
import { connectToRunning, startSupervisor, type Connection, type Peer } from './start-supervisor';
import { supervisorPaths, type SupervisorPaths } from './supervisor-paths';

export type { RunningService, StartOptions } from './running-service';

export interface SupervisorClient {
  /** One connection per service is its lease; see `RunningService`. */
  start(spec: ServiceSpec, options?: StartOptions): Promise<RunningService>;
  list(): Promise<ServiceState[]>;
  /** Tells the supervisor that a lease file was written or removed, and waits until it has looked. */
  noteLeases(): Promise<void>;
  /** Services that were started keep running: they have connections of their own. */
  close(): void;
}

export interface ConnectOptions {
  /** Relative to the workspace root; default `.rust-platform`. */
  stateDirectory?: string;
}

/**
 * Connects to the supervisor of this checkout, which is started when there is none, or when an idle one is of another
 * version of this plugin.
 *
 * @throws PlatformError `supervisor-version`, `supervisor-not-started`, `lock-timeout`.
 */
export async function connectSupervisor(
  workspaceRoot: string,
  { stateDirectory }: ConnectOptions = {},
): Promise<SupervisorClient> {
  const paths = await supervisorPaths(workspaceRoot, stateDirectory);
  const { connection } = await connectToSameVersion(paths);
  return {
    start: async (spec, options = {}) =>
      startService((await connectToSameVersion(paths)).connection, spec, options),
    list: () => list(connection),
    noteLeases: async () => {
      connection.send({ type: 'leases' });
      await connection.next('noted');
    },
    close: () => connection.close(),
  };
}

/** Services of this checkout without starting a supervisor: empty when none runs. */
export async function listServices(
  workspaceRoot: string,
  { stateDirectory }: ConnectOptions = {},
): Promise<ServiceState[]> {
  const peer = await connectToRunning(await supervisorPaths(workspaceRoot, stateDirectory));
  if (!peer) return [];
  return list(peer.connection).finally(() => peer.connection.close());
}

async function list(connection: Connection): Promise<ServiceState[]> {
  connection.send({ type: 'list' });
  return (await connection.next('services'))?.services ?? [];
}

async function connectToSameVersion(paths: SupervisorPaths): Promise<Peer> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const peer = (await connectToRunning(paths)) ?? (await startSupervisor(paths));
    if (peer.version === pluginVersion() && peer.protocol === PROTOCOL) return peer;
    await replace(peer);
  }
  throw new PlatformError({
    code: 'supervisor-version',
    what: 'supervisors of other versions of the plugin keep being started in this checkout',
    fix: 'npm ci   # one version of rust-platform-plugin for everybody',
    exitCode: EXIT.preflight,
  });
}

/** An idle supervisor of another version makes room; one that works is left alone. */
async function replace({ connection, version, identity }: Peer): Promise<void> {
  connection.send({ type: 'retire' });
  const answer = await connection.next('retiring', 'busy');
  if (answer?.type === 'busy') {
    connection.close();
    throw new PlatformError({
      code: 'supervisor-version',
      what: `the services of this checkout are supervised by version ${version} of the plugin; this is ${pluginVersion()}`,
      why: `it is at work: ${answer.services.join(', ')}`,
      fix: [`kill ${identity.pid}   # ends them in order, with their grace`, 'or wait until they have ended'],
      exitCode: EXIT.preflight,
    });
  }
  await connection.closed;
}
