import { checkoutLock } from '../locks';
import type { Report } from '../endpoints';
import { livingRunLeases } from '../supervisor/run-leases';
import { peekCheckout } from './checkout-identity';
import { DepsSession } from './deps-session';
import type { ServerState } from './deps-state';
import type { PlatformOptionsLike, ServerKind } from './deps-types';
import { PROVIDER_NAME, SERVER_NAME } from './server-names';
import { portsOf } from './port-registry';
import { stopServer } from './stop-server';

export interface StoppedDeps {
  stopped: ServerKind[];
}

/** Stops what this checkout started, pinned or not; data stays. A given endpoint is never touched. */
export async function stopDeps(
  workspaceRoot: string,
  options: Pick<PlatformOptionsLike, 'stateDirectory'>,
  { report, env = process.env }: { report: Report; env?: NodeJS.ProcessEnv },
): Promise<StoppedDeps> {
  return stopWhere(workspaceRoot, options.stateDirectory, { report, env }, async () => true);
}

/**
 * Stops the servers that no living run uses and nobody asked for by name. Called by the supervisor when the last run has
 * ended; looks again under the lock, since a new run may have begun meanwhile.
 */
export async function stopUnpinnedDeps(
  workspaceRoot: string,
  stateDirectory = '.rust-platform',
  report: Report = () => undefined,
): Promise<StoppedDeps> {
  return stopWhere(workspaceRoot, stateDirectory, { report, env: process.env }, async ({ pinned }) => {
    if (pinned) return false;
    return (await livingRunLeases(workspaceRoot, { stateDirectory })).length === 0;
  });
}

async function stopWhere(
  workspaceRoot: string,
  stateDirectory: string,
  { report, env }: { report: Report; env: NodeJS.ProcessEnv },
  condition: (server: ServerState) => Promise<boolean>,
): Promise<StoppedDeps> {
  if (!(await peekCheckout(workspaceRoot, stateDirectory))) return { stopped: [] };
  const lock = await checkoutLock(workspaceRoot, 'deps', { purpose: 'deps stop' });
  try {
    const session = await DepsSession.open(workspaceRoot, stateDirectory);
    const stopped: ServerKind[] = [];
    for (const server of await knownServers(session)) {
      if (!(await condition(server)) || !(await stopServer(server, session, env))) continue;
      stopped.push(server.kind);
      report(
        `${SERVER_NAME[server.kind]}: stopped (${PROVIDER_NAME[server.provider]}, port ${server.port}); data stays`,
      );
    }
    return { stopped };
  } finally {
    await lock.release();
  }
}

/** Those in the notes, and those that the machine-wide registry knows when the notes were lost. */
async function knownServers(session: DepsSession): Promise<ServerState[]> {
  const noted = session.servers();
  const registered = (await portsOf(session.checkout.id)).flatMap(({ state }) => (state ? [state] : []));
  return [...noted, ...registered.filter(({ kind }) => !noted.some((server) => server.kind === kind))];
}
