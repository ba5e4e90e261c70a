import { PlatformError } from '../../errors';
import { checkoutLock } from '../locks';
import type { Report } from '../endpoints';
import { messageOf } from '../message-of';
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

/**
 * Stops what this checkout started, pinned or not; data stays. A given endpoint is never touched. Throws
 * `docker-unreachable` when a container may run and cannot be stopped; it is not forgotten.
 */
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
  const unused = async ({ pinned }: ServerState): Promise<boolean> =>
    !pinned && (await livingRunLeases(workspaceRoot, { stateDirectory })).length === 0;
  try {
    return await stopWhere(workspaceRoot, stateDirectory, { report, env: process.env }, unused);
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'docker-unreachable') throw error;
    // Nobody is there to act on it. The container stays noted, for `deps stop` and for the next run.
    report(error.message);
    return { stopped: [] };
  }
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
    const failures: unknown[] = [];
    for (const server of await knownServers(session)) {
      try {
        if (!(await condition(server)) || !(await stopServer(server, session, env))) continue;
        stopped.push(server.kind);
        report(
          `${SERVER_NAME[server.kind]}: stopped (${PROVIDER_NAME[server.provider]}, port ${server.port}); data stays`,
        );
      } catch (error) {
        // One that cannot be stopped is no reason to leave the other one running.
        if (failures.push(error) > 1) report(`${SERVER_NAME[server.kind]}: not stopped: ${messageOf(error)}`);
      }
    }
    if (failures.length > 0) throw failures[0];
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
