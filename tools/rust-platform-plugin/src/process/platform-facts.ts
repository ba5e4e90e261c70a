/** What the operating system says of processes and sockets; one implementation per platform. */
export interface PlatformFacts {
  /** Undefined when no process has that number. Synchronous: a parent reads it before its child can be reaped. */
  entrySync(pid: number): ProcessEntry | undefined;
  entries(): Promise<ProcessEntry[]>;
  /** Those of `pids` whose environment holds NAME=VALUE; unreadable ones do not count. */
  withMarker(pids: number[], marker: EnvironmentMarker): Promise<number[]>;
  details(pid: number): Promise<ProcessDetails | undefined>;
  listeners(filter: ListenerFilter): Promise<Listener[]>;
}

export interface ProcessEntry {
  pid: number;
  ppid: number;
  /** Process group. */
  group: number;
  /** Undefined where the platform does not tell. */
  session: number | undefined;
  /** Opaque, safe in file names; ends in `.<start order>`. */
  startTime: string;
  /** Dead, waiting to be reaped by its parent. */
  zombie: boolean;
}

export interface ProcessDetails {
  argv: string[];
  /** User name, or `uid <n>` when it has none. */
  user: string;
  cwd: string | undefined;
}

export interface EnvironmentMarker {
  name: string;
  value: string;
}

export interface Listener {
  port: number;
  /** `0.0.0.0` and `::` are every address. */
  address: string;
  /** Undefined: the process belongs to another user and does not show its files. */
  pid: number | undefined;
  /** Owner of the socket when the platform tells it. */
  user?: string;
}

/** Both given: both must hold. */
export interface ListenerFilter {
  port?: number;
  pids?: number[];
}

/** Start times of the same boot and process namespace can be ordered; undefined for others. */
export function startedBefore(left: string, right: string): boolean | undefined {
  const [leftPlace, leftOrder] = splitStartTime(left);
  const [rightPlace, rightOrder] = splitStartTime(right);
  return leftPlace === rightPlace ? leftOrder < rightOrder : undefined;
}

function splitStartTime(startTime: string): [string, number] {
  const dot = startTime.lastIndexOf('.');
  return [startTime.slice(0, dot), Number(startTime.slice(dot + 1))];
}
