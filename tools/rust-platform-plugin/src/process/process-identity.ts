import { platformFacts } from './process-facts';

/** Proves a process: numbers are given away again, a number with its start time is not. */
export interface ProcessIdentity {
  pid: number;
  /** Opaque and safe in file names. Linux: boot, process namespace and ticks; macOS: seconds. */
  startTime: string;
}

let own: ProcessIdentity | undefined;

/** Undefined when no process has that number, or only a dead one that nobody has reaped. */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  return identityOfSync(pid);
}

export function identityOfSync(pid: number): ProcessIdentity | undefined {
  const entry = platformFacts().entrySync(pid);
  return entry && !entry.zombie ? { pid, startTime: entry.startTime } : undefined;
}

/**
 * For a parent, in the turn in which it started the child: Node has not reaped it yet, so the number is still the
 * child's, even when that has ended already.
 */
export function identityOfChild(pid: number): ProcessIdentity | undefined {
  const entry = platformFacts().entrySync(pid);
  return entry && { pid, startTime: entry.startTime };
}

export function ownIdentity(): ProcessIdentity {
  own ??= identityOfSync(process.pid);
  if (own === undefined) throw new Error('a process cannot read its own start time: is /proc mounted?');
  return own;
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return isAliveSync(identity);
}

export function isAliveSync({ pid, startTime }: ProcessIdentity): boolean {
  const entry = platformFacts().entrySync(pid);
  return entry !== undefined && !entry.zombie && entry.startTime === startTime;
}
