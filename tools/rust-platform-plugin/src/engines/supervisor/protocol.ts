import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from '../../process/process-identity';
import type { OutputStream } from '../../process/spawn-child';
import type { ServiceExit, ServiceSpec, ServiceState } from './service-spec';
import type { WireError } from './wire-error';

/** Raised when a message changes its meaning. `hello`, `welcome`, `retire` and its two answers never change. */
export const PROTOCOL = 1;

/** Version of this plugin; the file is at the same distance from `src` and from `dist`. */
export function pluginVersion(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

export type ClientMessage =
  | { type: 'hello'; protocol: number; version: string }
  /** Asks a supervisor of another version to make room; only an idle one does. */
  | { type: 'retire' }
  | { type: 'list' }
  /** A run lease was written or removed; answered with `noted`. */
  | { type: 'leases' }
  /** From then on the connection is the lease of the service: its end is the service's end. */
  | { type: 'start'; spec: ServiceSpec }
  | { type: 'stop' };

export type SupervisorMessage =
  | { type: 'welcome'; protocol: number; version: string; identity: ProcessIdentity }
  | { type: 'retiring' }
  | { type: 'busy'; services: string[] }
  | { type: 'services'; services: ServiceState[] }
  | { type: 'noted' }
  | { type: 'refused'; error: WireError }
  | { type: 'started'; state: ServiceState }
  | { type: 'lines'; stream: OutputStream; lines: string[] }
  | { type: 'ready' }
  | { type: 'not-ready'; error: WireError }
  | { type: 'exited'; exit: ServiceExit }
  /** The tree is gone, its port is free, its temporary files are removed. */
  | { type: 'gone' }
  | { type: 'not-gone'; error: WireError };
