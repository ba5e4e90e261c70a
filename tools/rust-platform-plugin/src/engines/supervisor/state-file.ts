import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ProcessIdentity } from '../../process/process-identity';
import type { ServiceState } from './service-spec';

/** What a supervisor leaves for the next one, in case it is killed. */
export interface SupervisorState {
  schemaVersion: 1;
  version: string;
  identity: ProcessIdentity;
  socket: string;
  services: RecordedService[];
}

export type RecordedService = ServiceState & { gracePeriodMs: number; cleanup: string[] };

/** Written whole under another name first: a reader never sees a half. */
export function writeState(file: string, state: SupervisorState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Undefined when there is none, or none that this version understands. */
export function readState(file: string): SupervisorState | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as SupervisorState;
    return state.schemaVersion === 1 && Array.isArray(state.services) ? state : undefined;
  } catch {
    return undefined;
  }
}

export function removeState(file: string): void {
  rmSync(file, { force: true });
}
