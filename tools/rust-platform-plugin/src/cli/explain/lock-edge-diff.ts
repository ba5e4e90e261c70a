import type { LockedPackage } from '../../cargo/lock/locked-package';
import type { Change } from './explanation';
import type { LockedClosure } from './locked-closure';

type Versions = Map<string, Set<string>>;

/** Packages that are the same as before and linked with another version than before, of what both locks have. */
export function edgeChanges(old: LockedClosure, now: LockedClosure, packages: readonly Change[]): Change[] {
  const told = new Set(packages.map(({ name, from, to }) => `${name} ${from ?? ''} ${to ?? ''}`));
  return [...now.places].flatMap(([identity, place]) => {
    const earlier = old.places.get(identity);
    if (earlier === undefined || old.edgeText(earlier) === now.edgeText(place)) return [];
    const [before, after] = [versionsOf(old.linked(earlier)), versionsOf(now.linked(place))];
    const names = new Set([...after.keys(), ...before.keys()]);
    return [...names].flatMap((name) => {
      const [from, to] = [without(before, after, name), without(after, before, name)];
      if ((from === '' && to === '') || told.has(`${name} ${from} ${to}`)) return [];
      const change = `${now.package(place).name}: ${name}`;
      return [{ group: 'lock' as const, name: change, ...kindOf(from, to), way: now.way(place) }];
    });
  });
}

function kindOf(from: string, to: string): Pick<Change, 'kind' | 'from' | 'to'> {
  if (from === '') return { kind: 'added', to };
  return to === '' ? { kind: 'removed', from } : { kind: 'changed', from, to };
}

function without(these: Versions, those: Versions, name: string): string {
  const other = those.get(name);
  return [...(these.get(name) ?? [])].filter((version) => !other?.has(version)).join(', ');
}

function versionsOf(linked: readonly LockedPackage[]): Versions {
  const versions: Versions = new Map();
  for (const { name, version, source } of linked) {
    const known = versions.get(name) ?? new Set();
    // The version of a path package is told by its manifest.
    versions.set(name, known.add(source === undefined ? 'path' : version));
  }
  return versions;
}
