import type { DepsEndpoints } from '../endpoints';
import { checkoutLock, type LockHolder } from '../locks';
import { chainOption } from '../run/chain-options';
import { registerRunLease } from '../supervisor/run-leases';
import { DepsSession } from './deps-session';
import { endpointOf, type ServerState } from './deps-state';
import type { EnsureDepsRequest, ServerKind } from './deps-types';
import { resolveGivenEndpoints } from './given-endpoints';
import type { ProviderContext } from './provider';
import { reuseServer } from './reuse-server';
import { PROVIDER_NAME, SERVER_NAME } from './server-names';
import { startServers } from './start-servers';

/**
 * Makes sure that the needed servers answer a query and are the ones that are meant; starts what is missing. Safe to call
 * at once from many processes of a checkout. Throws `no-provider` and `port-taken` (exit 4) before anything is started,
 * `remote-refused` (exit 2), and the errors of a server that does not come up.
 */
export async function ensureDeps(request: EnsureDepsRequest): Promise<DepsEndpoints> {
  const needs = [...new Set(request.needs)];
  const given = await resolveGivenEndpoints({ ...request, needs }, request.report);
  const own = needs.filter((kind) => given[kind] === undefined);
  if (own.length === 0) return given;
  const lock = await checkoutLock(request.workspaceRoot, 'deps', {
    purpose: `deps (${own.join(', ')})`,
    signal: request.signal,
    onWait: (holders) => request.report(`waiting for ${holders.map(describeHolder).join(', ')}`),
  });
  try {
    return { ...given, ...(await ensureOwnServers(own, request)) };
  } finally {
    await lock.release();
  }
}

async function ensureOwnServers(
  kinds: readonly ServerKind[],
  request: EnsureDepsRequest,
): Promise<DepsEndpoints> {
  const { workspaceRoot, options, lifetime, env, report, signal } = request;
  const session = await DepsSession.open(workspaceRoot, options.stateDirectory);
  const pinned = lifetime.kind === 'pinned' || chainOption('keepDeps', env);
  // Under the lock and before the servers: whoever stops unused ones asks for leases under the same lock.
  if (!pinned) {
    await registerRunLease(session.checkout.root, lifetime.holder, 'stop-deps', {
      stateDirectory: options.stateDirectory,
    });
  }
  const context: ProviderContext = { root: session.checkout.root, options, env, report, signal };
  const servers = await findOrStart(kinds, session, context);
  for (const server of servers) {
    await session.remember({ ...server, pinned: pinned || (session.server(server.kind)?.pinned ?? false) });
  }
  return Object.fromEntries(servers.map((server) => [server.kind, endpointOf(server)]));
}

async function findOrStart(
  kinds: readonly ServerKind[],
  session: DepsSession,
  context: ProviderContext,
): Promise<ServerState[]> {
  const reused = await Promise.all(
    kinds.map((kind) => reuseServer(kind, session.server(kind), session.checkout, context)),
  );
  const running = reused.filter((server) => server !== undefined);
  for (const server of running) context.report(describeReuse(server));
  const missing = kinds.filter((kind) => !running.some((server) => server.kind === kind));
  return missing.length === 0 ? running : [...running, ...(await startServers(missing, session, context))];
}

function describeHolder({ pid, purpose }: LockHolder): string {
  return `${purpose} of process ${pid}`;
}

function describeReuse({ kind, provider, port, version, identity, container }: ServerState): string {
  const who = identity ? `pid ${identity.pid}` : `container ${container?.name}`;
  return `${SERVER_NAME[kind]}: running on port ${port} (${PROVIDER_NAME[provider]}, ${version}, ${who})`;
}
