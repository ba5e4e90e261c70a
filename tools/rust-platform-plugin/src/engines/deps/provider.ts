import type { Report } from '../endpoints';
import type { Checkout } from './checkout-identity';
import type { ServerState } from './deps-state';
import type { PlatformOptionsLike, Provider, ServerKind } from './deps-types';

/** What a provider knows of the call that it serves. */
export interface ProviderContext {
  /** Real path of the workspace root. */
  root: string;
  options: PlatformOptionsLike;
  env: NodeJS.ProcessEnv;
  report: Report;
  signal?: AbortSignal;
}

export interface StartContext {
  checkout: Checkout;
  port: number;
  /** Writes down what is known of the server, so that it can be found again if we are killed now. */
  remember: (facts: Partial<ServerState>) => Promise<void>;
}

/** A way to get one server that looks usable. Nothing is started, pulled or fetched before `prepare`. */
export interface Candidate {
  kind: ServerKind;
  provider: Exclude<Provider, 'given'>;
  /** For a person, e.g. `/usr/lib/postgresql/15/bin/postgres 15.20`. */
  detail: string;
  preferredPort: number;
  /** Why it cannot be used after all: what takes too long to ask before the ports are checked. Changes nothing. */
  problem?(): Promise<string | undefined>;
  /** Pulls the image, fetches the binaries. Throws `ProviderUnusable`: the next provider is tried. */
  prepare(): Promise<void>;
  /** Starts it, waits until it answers a query, and marks it as this checkout's. */
  start(context: StartContext): Promise<ServerState>;
}

export type Availability = { candidate: Candidate } | { reason: string };

export type ProviderSearch = (context: ProviderContext, kind: ServerKind) => Promise<Availability>;

/** The provider cannot be used after all, and why; not a failure of the whole. */
export class ProviderUnusable extends Error {}

/** The defaults of the plugin options: a port that differs was set on purpose. */
const DEFAULT_PORT: Record<ServerKind, number> = { postgres: 5434, redis: 6382 };

/** The option when it was set, else the port of the Compose file, else the default. */
export function preferredPort(options: PlatformOptionsLike, kind: ServerKind, published?: number): number {
  const port = kind === 'postgres' ? options.postgresPort : options.redisPort;
  return port === DEFAULT_PORT[kind] ? (published ?? port) : port;
}
