import type { ProcessIdentity } from '../../process/process-identity';
import type { Report, ServerEndpoint } from '../endpoints';

export type ServerKind = ServerEndpoint['kind'];
export type Provider = ServerEndpoint['provider'];

/** What the engine reads of the plugin options; `PlatformOptions` fits. */
export interface PlatformOptionsLike {
  /** Folder relative to the workspace root, e.g. `.rust-platform`. */
  stateDirectory: string;
  composeFile: string;
  postgresPort: number;
  redisPort: number;
}

/**
 * `pinned`: asked for by name, lives until `stopDeps`. `run`: stopped with the last living run that uses it; `holder` is
 * the process that stands for the run (see `currentRun`).
 */
export type DepsLifetime = { kind: 'pinned' } | { kind: 'run'; holder: ProcessIdentity };

export interface EnsureDepsRequest {
  workspaceRoot: string;
  options: PlatformOptionsLike;
  needs: readonly ServerKind[];
  lifetime: DepsLifetime;
  /** Read: DATABASE_URL, REDIS_URL, DOCKER_HOST, PATH, RUST_PLATFORM_PROVIDERS, RUST_PLATFORM_KEEP_DEPS. */
  env: NodeJS.ProcessEnv;
  /** Accept a DATABASE_URL or REDIS_URL whose host is not this machine. */
  allowRemote: boolean;
  report: Report;
  signal?: AbortSignal;
}

/** One server as `deps status` shows it; safe to print: the URL is redacted. */
export interface ServerStatus {
  kind: ServerKind;
  /** `unknown`: a container whose Docker engine does not answer; it may run. */
  state: 'running' | 'stopped' | 'not-answering' | 'unknown';
  provider: Provider | undefined;
  url: string | undefined;
  port: number | undefined;
  version: string | undefined;
  pid: number | undefined;
  /** Name of the container when a Compose service. */
  container: string | undefined;
  pinned: boolean;
  /** ISO 8601. */
  startedAt: string | undefined;
  dataDirectory: string | undefined;
  logFile: string | undefined;
  /** Why it is not answering, or why that is unknown. */
  problem: string | undefined;
}

export interface DepsStatus {
  /** `undefined` before the first start. */
  checkout: string | undefined;
  workspaceRoot: string;
  servers: ServerStatus[];
}

/** What would be used for a server, found without starting anything. */
export interface ProviderChoice {
  kind: ServerKind;
  /** `undefined`: nothing; `ProviderSurvey.error` says how to get it. */
  provider: Provider | undefined;
  /** One line, e.g. `local binaries (/usr/lib/postgresql/15/bin/postgres)`; no secrets. */
  detail: string;
  /** Where it would listen, unless another checkout of this tool is there; given: where it listens. */
  port: number | undefined;
  /** Providers that were passed over, one reason each. */
  passedOver: string[];
}

export interface ProviderSurvey {
  choices: ProviderChoice[];
  /** A `PlatformError` with code `no-provider`, or the one of an endpoint that was given and cannot be used. */
  error: Error | undefined;
}
