import { startedBefore, type ProcessEntry } from './platform-facts';

export interface TreeSeeds {
  /** Members by number: only for a caller who has just read the same snapshot. */
  pids?: Set<number>;
  /** Members by identity: a number that was given to somebody else does not match. */
  identities?: Array<Pick<ProcessEntry, 'pid' | 'startTime'>>;
  /** Everything in the process group or session with this number belongs to the tree. */
  group?: number;
}

/** The living members of a tree: the seeds, and all children of members. Pure. */
export function findMembers(entries: ProcessEntry[], seeds: TreeSeeds): ProcessEntry[] {
  const members = new Map<number, ProcessEntry>();
  const known = new Map(seeds.identities?.map(({ pid, startTime }) => [pid, startTime]));
  for (const entry of entries) {
    const isSeed =
      seeds.pids?.has(entry.pid) ||
      known.get(entry.pid) === entry.startTime ||
      (seeds.group !== undefined && (entry.group === seeds.group || entry.session === seeds.group));
    if (isSeed) members.set(entry.pid, entry);
  }
  addChildren(entries, members);
  return [...members.values()].filter((entry) => !entry.zombie);
}

function addChildren(entries: ProcessEntry[], members: Map<number, ProcessEntry>): void {
  const byParent = new Map<number, ProcessEntry[]>();
  for (const entry of entries) byParent.set(entry.ppid, [...(byParent.get(entry.ppid) ?? []), entry]);
  const queue = [...members.values()];
  for (let parent = queue.pop(); parent; parent = queue.pop()) {
    for (const child of byParent.get(parent.pid) ?? []) {
      // A snapshot is read one process at a time: a number that was given away meanwhile shows a child older than it.
      if (members.has(child.pid) || startedBefore(child.startTime, parent.startTime)) continue;
      members.set(child.pid, child);
      queue.push(child);
    }
  }
}
