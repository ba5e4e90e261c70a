import { PlatformError, EXIT } from '../errors';
import { linuxFacts } from './linux-facts';
import type { EnvironmentMarker, Listener, PlatformFacts } from './platform-facts';
import { findMembers } from './process-tree';
import { redactText } from './redact';

export type { EnvironmentMarker, Listener } from './platform-facts';

export interface ProcessDescription {
  pid: number;
  ppid: number;
  /** `argv` joined by spaces; may hold secrets of others, so redact before printing. */
  command: string;
  argv: string[];
  user: string;
  cwd?: string;
}

let facts: PlatformFacts | undefined;

/** @throws PlatformError `unsupported-platform` outside Linux and macOS. */
export function platformFacts(): PlatformFacts {
  facts ??= factsOf(process.platform);
  return facts;
}

export function factsOf(platform: NodeJS.Platform): PlatformFacts {
  if (platform === 'linux') return linuxFacts();
  if (platform === 'darwin') return (require('./macos-facts') as typeof import('./macos-facts')).macosFacts();
  throw new PlatformError({
    code: 'unsupported-platform',
    what: `${platform} is not supported: processes cannot be proven there`,
    fix: 'use Linux, macOS or, on Windows, WSL 2 (https://learn.microsoft.com/windows/wsl/install)',
    exitCode: EXIT.preflight,
  });
}

/** Undefined when there is no such process (a dead one that nobody has reaped counts as none). */
export async function describeProcess(pid: number): Promise<ProcessDescription | undefined> {
  const entry = platformFacts().entrySync(pid);
  const details = await platformFacts().details(pid);
  if (!entry || entry.zombie || !details) return undefined;
  return { pid, ppid: entry.ppid, command: details.argv.join(' '), ...details };
}

/** Parent first, then its parent, up to process 1. */
export async function ancestorsOf(pid: number): Promise<number[]> {
  const ancestors: number[] = [];
  let parent = platformFacts().entrySync(pid)?.ppid;
  while (parent !== undefined && parent > 0 && !ancestors.includes(parent)) {
    ancestors.push(parent);
    parent = platformFacts().entrySync(parent)?.ppid;
  }
  return ancestors;
}

/**
 * Living children, their children and so on, every living process whose environment holds NAME=VALUE (which catches
 * double-forked children), and the children of those. Without `pid` itself.
 */
export async function descendantsOf(pid: number, marker?: EnvironmentMarker): Promise<number[]> {
  const entries = await platformFacts().entries();
  const marked = marker
    ? await platformFacts().withMarker(
        entries.map((entry) => entry.pid),
        marker,
      )
    : [];
  const members = findMembers(entries, { pids: new Set([pid, ...marked]) });
  return members.map((entry) => entry.pid).filter((member) => member !== pid);
}

/** Everyone who listens on the port; with `host`, only who would get its connections. */
export async function whoListens(port: number, host?: string): Promise<Listener[]> {
  const listeners = await platformFacts().listeners({ port });
  return host === undefined ? listeners : listeners.filter(({ address }) => answersFor(address, host));
}

export async function listeningPortsOf(pids: number[]): Promise<Array<Listener & { pid: number }>> {
  const listeners = await platformFacts().listeners({ pids });
  return listeners.flatMap(({ pid, ...rest }) => (pid === undefined ? [] : [{ ...rest, pid }]));
}

/** For messages: `pid 123 (redis-server *:6382, user redis)`, `a process of user redis`, or `nobody`. */
export async function formatHolder(port: number): Promise<string> {
  const [first] = (await whoListens(port)).sort(
    (left, right) => (left.pid ?? Infinity) - (right.pid ?? Infinity),
  );
  if (!first) return 'nobody';
  const holder = first.pid === undefined ? undefined : await describeProcess(first.pid);
  if (!holder)
    return first.user === undefined ? 'a process of another user' : `a process of user ${first.user}`;
  const command = redactText(holder.command);
  const short = command.length > 120 ? `${command.slice(0, 119)}…` : command;
  return `pid ${holder.pid} (${short}, user ${holder.user})`;
}

/** `localhost` may mean either family; wildcards answer for all, `::` for IPv4 too unless the socket refuses it. */
function answersFor(address: string, host: string): boolean {
  const wanted = host.replace(/^\[|\]$/g, '').toLowerCase();
  const plain = address.replace(/^::ffff:/, '');
  if (['0.0.0.0', '::', '*'].includes(plain) || ['0.0.0.0', '::', ''].includes(wanted)) return true;
  if (wanted === 'localhost') return plain.startsWith('127.') || plain === '::1';
  return plain === wanted;
}
