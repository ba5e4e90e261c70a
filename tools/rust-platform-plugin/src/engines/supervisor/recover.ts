import { rm } from 'node:fs/promises';
import { endTree } from '../../process/end-tree';
import { SERVICE_MARKER } from '../../process/environment';
import { isAlive } from '../../process/process-identity';
import { readState, removeState, type RecordedService } from './state-file';

/**
 * Ends what a supervisor that was killed has left, and its guardian with it. Called by the next supervisor, which holds
 * the checkout's lock, before it serves anybody.
 */
export async function recoverFrom(stateFile: string, log: (line: string) => void): Promise<void> {
  const state = readState(stateFile);
  if (!state) return;
  if (await isAlive(state.identity)) {
    throw new Error(
      `supervisor pid ${state.identity.pid} lives, but not at the socket of this one: ${state.socket}`,
    );
  }
  if (state.services.length > 0) log(`the last supervisor was killed: ending ${names(state.services)}`);
  await Promise.all(state.services.map(endRecorded));
  removeState(stateFile);
}

async function endRecorded({ id, identity, gracePeriodMs, cleanup }: RecordedService): Promise<void> {
  const root = identity.pid > 0 ? identity : undefined;
  await endTree(root, { marker: { name: SERVICE_MARKER, value: id }, graceMs: gracePeriodMs });
  for (const path of cleanup) await rm(path, { recursive: true, force: true });
}

function names(services: RecordedService[]): string {
  return services.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ');
}
