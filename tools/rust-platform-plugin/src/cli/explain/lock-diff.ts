import type { LockedPackage } from '../../cargo/lock/locked-package';
import type { Change } from './explanation';
import { edgeChanges } from './lock-edge-diff';
import type { LockedClosure } from './locked-closure';

/**
 * What is different in the part of a lock that one crate is built from: `serde 1.0.200 -> 1.0.201` with the way to it,
 * packages that came or went, and where only an edge changed `tempfile: getrandom 0.4.3 -> 0.3.4`.
 */
export function lockDiff(old: LockedClosure, now: LockedClosure): Change[] {
  const packages = packageChanges(old, now);
  const edges = edgeChanges(old, now, packages);
  return [...packages.filter((change) => !edges.some((edge) => tells(edge, change))), ...edges];
}

/** `tempfile: getrandom 0.4.3 -> 0.3.4` says that 0.4.3 went, or that 0.3.4 came. */
function tells(edge: Change, { kind, name, from, to }: Change): boolean {
  if (edge.kind !== 'changed' || !edge.name.endsWith(`: ${name}`)) return false;
  return (kind === 'removed' && edge.from === from) || (kind === 'added' && edge.to === to);
}

interface Found {
  one: LockedPackage;
  way: string;
  depth: number;
}

function packageChanges(old: LockedClosure, now: LockedClosure): Change[] {
  const gone = new Set(missingIn(now, old));
  const changes: Array<{ change: Change; depth: number }> = [];
  for (const { one, way, depth } of missingIn(old, now)) {
    const same = [...gone].filter((other) => other.one.name === one.name);
    const replaced = same.find((other) => isCompatible(other.one, one)) ?? same[0];
    if (replaced) gone.delete(replaced);
    const values = replaced ? fromTo(replaced.one, one) : { to: one.version };
    const kind = replaced ? 'changed' : 'added';
    changes.push({ depth, change: { group: 'lock', kind, name: one.name, ...values, way } });
  }
  for (const { one, way, depth } of gone) {
    const change: Change = { group: 'lock', kind: 'removed', name: one.name, from: one.version, way };
    changes.push({ depth, change });
  }
  // What somebody changed is nearer to the crate than what came with it.
  const rank = ({ change, depth }: (typeof changes)[number]) =>
    depth + (change.kind === 'changed' ? 0 : 1000);
  return changes.sort((a, b) => rank(a) - rank(b)).map(({ change }) => change);
}

function missingIn(other: LockedClosure, closure: LockedClosure): Found[] {
  return [...closure.places]
    .filter(([identity]) => !other.places.has(identity))
    .map(([, place]) => ({
      one: closure.package(place),
      way: closure.way(place),
      depth: closure.depth(place),
    }));
}

/** Of two versions of one package, the one that cargo would have taken this for. */
function isCompatible(a: LockedPackage, b: LockedPackage): boolean {
  const significant = (version: string) => /^(?:0\.0\.\d+|0\.\d+|\d+)/.exec(version)?.[0];
  return significant(a.version) === significant(b.version);
}

function fromTo(old: LockedPackage, now: LockedPackage): { from: string; to: string } {
  if (old.version !== now.version) return { from: old.version, to: now.version };
  if (old.source !== now.source) return { from: place(old), to: place(now) };
  return { from: `${old.version}, checksum ${short(old)}`, to: `checksum ${short(now)}` };
}

function place({ version, source = 'path' }: LockedPackage): string {
  return `${version} of ${source.replace(/:\/\/[^/]*@/, '://***@')}`;
}

function short({ checksum = 'none' }: LockedPackage): string {
  return checksum.slice(0, 8);
}
