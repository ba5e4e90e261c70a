import type { ProcessEntry } from './platform-facts';
import { findMembers } from './process-tree';

function entry(pid: number, ppid: number, start: number, more: Partial<ProcessEntry> = {}): ProcessEntry {
  return { pid, ppid, group: pid, session: pid, startTime: `boot.1.${start}`, zombie: false, ...more };
}
const pids = (entries: ProcessEntry[]) => entries.map(({ pid }) => pid).sort((left, right) => left - right);

describe('findMembers', () => {
  const root = entry(100, 1, 50);
  const entries = [
    entry(1, 0, 0),
    root,
    entry(101, 100, 51),
    entry(102, 101, 52),
    entry(200, 1, 53, { group: 100, session: 100 }),
    entry(300, 1, 54),
  ];

  it('follows children of children', () => {
    expect(pids(findMembers(entries, { identities: [root] }))).toEqual([100, 101, 102]);
  });

  it('takes the group and session of the leader', () => {
    expect(pids(findMembers(entries, { identities: [root], group: 100 }))).toEqual([100, 101, 102, 200]);
  });

  it('takes nobody when the number belongs to a younger process', () => {
    expect(findMembers(entries, { identities: [{ pid: 100, startTime: 'boot.1.7' }] })).toEqual([]);
  });

  it('does not take children that are older than their parent: the number was given away in between', () => {
    const mixed = [entry(100, 1, 90), entry(101, 100, 51)];
    expect(pids(findMembers(mixed, { pids: new Set([100]) }))).toEqual([100]);
  });

  it('leaves the dead out and still finds their living children', () => {
    const half = [entry(100, 1, 50, { zombie: true }), entry(101, 100, 51)];
    expect(pids(findMembers(half, { pids: new Set([100]) }))).toEqual([101]);
  });
});
