import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity } from '../../process/process-identity';
import { leaseFileName, readLeases } from './lease-watch';
import { connectSupervisor, type ConnectOptions } from './supervisor-client';
import { supervisorPaths } from './supervisor-paths';

export interface RunLease {
  /** Gives the lease back before the holder ends. */
  release(): Promise<void>;
}

/**
 * Says that a run uses servers which it started itself. Starts the supervisor when needed: it calls `stopUnpinnedDeps`
 * when the last living holder is gone. The same holder twice is one lease.
 */
export async function registerRunLease(
  workspaceRoot: string,
  holder: ProcessIdentity,
  onEmpty: 'stop-deps',
  options: ConnectOptions = {},
): Promise<RunLease> {
  const { leases } = await supervisorPaths(workspaceRoot, options.stateDirectory);
  const file = join(leases, leaseFileName(holder));
  await mkdir(leases, { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...holder, onEmpty, since: new Date().toISOString() })}\n`);
  await note(workspaceRoot, options);
  return {
    release: async () => {
      await rm(file, { force: true });
      await note(workspaceRoot, options);
    },
  };
}

/** Holders that live. `stopUnpinnedDeps` asks again under its own lock: a run may have begun meanwhile. */
export async function livingRunLeases(
  workspaceRoot: string,
  options: ConnectOptions = {},
): Promise<ProcessIdentity[]> {
  const { leases } = await supervisorPaths(workspaceRoot, options.stateDirectory);
  const holders = await readLeases(leases);
  const alive = await Promise.all(holders.map(isAlive));
  return holders.filter((_, index) => alive[index]);
}

async function note(workspaceRoot: string, options: ConnectOptions): Promise<void> {
  const supervisor = await connectSupervisor(workspaceRoot, options);
  await supervisor.noteLeases().finally(() => supervisor.close());
}
