import type { Package } from './declared-dependencies';

/** The answer about a package, as long as neither its manifest nor that of its root is another. */
export function remembered<T>(compute: (one: Package) => T): (one: Package) => T {
  const known = new WeakMap<object, WeakMap<object, Map<string, T>>>();
  return (one) => {
    const byRoot = known.get(one.toml) ?? new WeakMap<object, Map<string, T>>();
    known.set(one.toml, byRoot);
    const places = byRoot.get(one.root.toml) ?? new Map<string, T>();
    byRoot.set(one.root.toml, places);
    const place = `${one.folder} ${one.root.folder}`;
    if (!places.has(place)) places.set(place, compute(one));
    return places.get(place) as T;
  };
}
