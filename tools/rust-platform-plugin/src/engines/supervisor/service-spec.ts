import type { ProcessIdentity } from '../../process/process-identity';
export interface ServiceSpec {
  name: string;
  project: string;
  purpose: 'serve' | 'test' | 'bench' | 'dependency';
  command: string;
  args: string[];
  cwd: string;
  /** Complete environment; the marker is added. */
  env: Record<string, string>;
  port: number;
  /** Without it, ready means that the port is open. */
  health?: { path: string; host: string };
  startTimeoutMs: number;
  gracePeriodMs: number;
  /** Absolute; appended to. */
  logFile: string;
  /** Absolute paths inside the workspace or the temporary folder, removed when the service is gone. A refused start leaves them. */
  cleanup?: { paths: string[] };
  uid?: number;
  gid?: number;
}
export interface ServiceState {
  id: string;
  name: string;
  project: string;
  purpose: ServiceSpec['purpose'];
  pid: number;
  identity: ProcessIdentity;
  port: number;
  state: 'starting' | 'ready' | 'failed' | 'stopping' | 'exited';
  /** ISO 8601. */
  startedAt: string;
  logFile: string;
}
export interface ServiceExit {
  exitCode?: number;
  signal?: string;
}
