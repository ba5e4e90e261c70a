import type { PlatformError } from '../../errors';
import type { PlatformOptionsLike, ServerKind } from '../deps/deps-types';
import type { Report } from '../endpoints';

/** What a plan needs; only that is looked at. Paths are absolute. */
export interface PreflightRequest {
  workspaceRoot: string;
  options: PlatformOptionsLike;
  env: NodeJS.ProcessEnv;
  allowRemote: boolean;
  /** Folders with a Cargo.toml of a workspace; empty when nothing of the plan runs cargo. */
  cargoRoots: Array<{ folder: string; lockFile: string | undefined }>;
  tools: { clippy: boolean; rustfmt: boolean; nextest: boolean; audit: boolean };
  /** `required`: the plan surely starts it. Otherwise only a cache miss does, and a missing provider is a note. */
  servers: Array<{ kind: ServerKind; required: boolean }>;
  /** Ports of the servers that the plan starts in place, e.g. by `serve`. */
  ports: Array<{ port: number; service: string }>;
  signal?: AbortSignal;
}

/** `note`: degraded or not known; the plan can run. `problem`: it cannot. */
export type CheckResult =
  | { name: string; state: 'ok'; detail: string }
  | { name: string; state: 'note'; detail: string }
  | { name: string; state: 'problem'; detail: string; error: PlatformError };

export interface PreflightReport {
  checks: CheckResult[];
  durationMs: number;
}

export type Check = (request: PreflightRequest) => Promise<CheckResult[]>;
export type { Report };
