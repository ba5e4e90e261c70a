import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '../errors';
import { startedBefore, type EnvironmentMarker, type ProcessEntry } from './platform-facts';
import { ancestorsOf, platformFacts } from './process-facts';
import type { ProcessIdentity } from './process-identity';
import { findMembers } from './process-tree';

export interface EndTreeOptions {
  /** Also ends every process whose environment holds it, wherever it went. */
  marker?: EnvironmentMarker;
  /** Between SIGTERM and SIGKILL. */
  graceMs: number;
  /** Called when the grace is over, with those that are killed. */
  onForce?: (pids: number[]) => void;
  /** Members seen earlier, e.g. children of a leader that has exited meanwhile. */
  known?: ProcessIdentity[];
}

const KILL_WAIT_MS = 5_000;
const POLL_MS = { first: 10, longest: 100 };

/**
 * Ends a process, its descendants, its process group and session, and the carriers of the marker: SIGTERM, grace, SIGKILL,
 * until two scans in a row find nobody. A leader that is gone already is no proof for its group or session: then only
 * the marker and `known` count, because its number may have been given to a stranger.
 *
 * @returns the processes that needed SIGKILL.
 * @throws PlatformError `process-not-ended` when somebody survives SIGKILL or may not be signalled.
 */
export async function endTree(
  root: ProcessIdentity | undefined,
  options: EndTreeOptions,
): Promise<{ forced: number[] }> {
  const tree = new Tree(root, options);
  const deadline = Date.now() + options.graceMs;
  if (await signalUntilEmpty(tree, 'SIGTERM', deadline)) return { forced: [] };
  const forced = (await tree.members()).map(({ pid }) => pid);
  if (forced.length > 0) options.onForce?.(forced);
  if (await signalUntilEmpty(tree, 'SIGKILL', Date.now() + KILL_WAIT_MS)) return { forced };
  throw await notEnded(await tree.members());
}

/** Everybody whom `endTree` would end: for the question whose socket it is. */
export async function livingTree(
  root: ProcessIdentity,
  marker?: EnvironmentMarker,
): Promise<ProcessIdentity[]> {
  const members = await new Tree(root, { marker, graceMs: 0 }).members();
  return members.map(({ pid, startTime }) => ({ pid, startTime }));
}

/** True when the tree is empty; false at the deadline. Everybody gets the signal once, newcomers when they are seen. */
async function signalUntilEmpty(tree: Tree, signal: NodeJS.Signals, deadline: number): Promise<boolean> {
  const signalled = new Set<string>();
  let empty = 0;
  for (let pause = POLL_MS.first; ; pause = Math.min(pause * 1.5, POLL_MS.longest)) {
    const members = await tree.members();
    empty = members.length === 0 ? empty + 1 : 0;
    if (empty === 2) return true;
    for (const member of members) {
      const key = `${member.pid}.${member.startTime}`;
      if (!signalled.has(key)) sendSignal(member, signal);
      signalled.add(key);
    }
    const left = deadline - Date.now();
    if (left <= 0 && members.length > 0) return false;
    await delay(Math.max(1, Math.min(pause, left)));
  }
}

class Tree {
  private readonly known = new Map<number, ProcessIdentity>();
  private groupIsOurs = false;

  constructor(
    private readonly root: ProcessIdentity | undefined,
    private readonly options: EndTreeOptions,
  ) {
    for (const identity of [...(options.known ?? []), ...(root ? [root] : [])]) {
      this.known.set(identity.pid, identity);
    }
  }

  async members(): Promise<ProcessEntry[]> {
    const entries = await platformFacts().entries();
    const members = findMembers(entries, {
      identities: [...this.known.values()],
      pids: await this.markedPids(entries),
      group: this.trustedGroup(entries),
    });
    // We may run below a service ourselves (its marker is inherited), and nobody ends the one that ends.
    const spared = new Set([process.pid, ...(await ancestorsOf(process.pid))]);
    const found = members.filter(({ pid }) => !spared.has(pid));
    for (const { pid, startTime } of found) this.known.set(pid, { pid, startTime });
    return found;
  }

  private async markedPids(entries: ProcessEntry[]): Promise<Set<number>> {
    const { marker } = this.options;
    if (!marker) return new Set();
    const since = this.root?.startTime;
    const candidates = entries.filter(
      ({ startTime }) => since === undefined || startedBefore(startTime, since) !== true,
    );
    const pids = candidates.map(({ pid }) => pid);
    return new Set(await platformFacts().withMarker(pids, marker));
  }

  /** Seen once with its leader, a group's number stays taken as long as somebody is in it, and we stop when nobody is. */
  private trustedGroup(entries: ProcessEntry[]): number | undefined {
    if (!this.root) return undefined;
    const { pid, startTime } = this.root;
    const holder = entries.find((entry) => entry.pid === pid);
    if (holder) this.groupIsOurs = holder.startTime === startTime;
    return this.groupIsOurs && pid > 1 ? pid : undefined;
  }
}

function sendSignal(member: ProcessEntry, signal: NodeJS.Signals): void {
  // The scan took a while: look once more, right before the signal.
  const now = platformFacts().entrySync(member.pid);
  if (!now || now.zombie || now.startTime !== member.startTime) return;
  try {
    process.kill(member.pid, signal);
  } catch {
    // Gone in this moment, or not ours to signal: the next scan tells.
  }
}

async function notEnded(members: ProcessEntry[]): Promise<PlatformError> {
  const pids = members.map(({ pid }) => pid);
  const lines = await Promise.all(
    pids.map(async (pid) => {
      const details = await platformFacts().details(pid);
      return `pid ${pid} (${details?.argv[0] ?? '?'}, user ${details?.user ?? '?'})`;
    }),
  );
  return new PlatformError({
    code: 'process-not-ended',
    what: `still running after SIGKILL: ${lines.join(', ')}`,
    why: 'it waits for a device that does not answer, or it belongs to another user',
    fix: `sudo kill -KILL ${pids.join(' ')}`,
  });
}
