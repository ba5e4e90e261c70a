import { lockGraph, pathPackage, type LockGraph } from '../../cargo/lock/lock-graph';
import { cutEdges, memberPlaces } from '../../cargo/lock/lock-hashes';
import { parseLock } from '../../cargo/lock/parse-lock';
import type { KeyRecord } from '../../results/key-record';
import { lockMembers, type RecordedMember } from './lock-members';
import { LockedClosure } from './locked-closure';

export interface LockedCrate {
  name: string;
  cut: 'build' | 'test';
}

interface ReadLock {
  graph: LockGraph;
  /** Without what only the tests of members are linked with. */
  cut: readonly (readonly number[])[];
}

/** The locks of one run, read as far as they are asked for, and once. */
export class LockSides {
  private readonly locks: Array<{ root: string; read: () => ReadLock | undefined }>;
  private readonly closures = new Map<string, LockedClosure | undefined>();
  private readonly members: () => RecordedMember[];

  constructor(record: KeyRecord, texts: ReadonlyMap<string, string>) {
    this.members = once(() => lockMembers(record));
    this.locks = Object.entries(record.locks).flatMap(([root, hash]) => {
      const text = texts.get(hash);
      return text === undefined ? [] : [{ root, read: once(() => readLock(text, this.members())) }];
    });
  }

  /** `undefined`: no lock that can be read has the crate. */
  closure(crate: LockedCrate): LockedClosure | undefined {
    const key = `${crate.name} ${crate.cut}`;
    if (!this.closures.has(key)) this.closures.set(key, this.find(crate));
    return this.closures.get(key);
  }

  private find({ name, cut }: LockedCrate): LockedClosure | undefined {
    for (const read of this.inOrder(name)) {
      const lock = read();
      const start = lock && pathPackage(lock.graph, { name });
      if (!lock || start === undefined) continue;
      const edges = (from: number) =>
        (cut === 'test' && from === start ? lock.graph.edges : lock.cut)[from] ?? [];
      return new LockedClosure(lock.graph, start, edges);
    }
    return undefined;
  }

  /** Another workspace may have the crate too: that of its own folder comes first. */
  private inOrder(name: string): Array<() => ReadLock | undefined> {
    const folder = this.members().find((member) => member.name === name)?.folder ?? '';
    const isOwn = (root: string) => root === '.' || folder === root || folder.startsWith(`${root}/`);
    const depth = (root: string) => (isOwn(root) ? root.length : -1);
    return [...this.locks].sort((a, b) => depth(b.root) - depth(a.root)).map(({ read }) => read);
  }
}

function readLock(text: string, members: readonly RecordedMember[]): ReadLock | undefined {
  try {
    const graph = lockGraph(parseLock(text));
    return { graph, cut: cutEdges(graph, memberPlaces(graph, members)) };
  } catch {
    return undefined;
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
