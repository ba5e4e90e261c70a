import type { PlatformError } from '../../errors';
import { lockUnreadable } from './lock-errors';
import type { LockedPackage } from './locked-package';

/** A lock with its edges resolved. Packages are known by their place in the list. */
export interface LockGraph {
  packages: readonly LockedPackage[];
  /** For each package, those that it leads to, replacements among them. */
  edges: readonly number[][];
}

/**
 * Resolves every dependency by all that is written of it, as cargo does. One that fits no package, or several, is an
 * error: an empty closure would let a wrong result be taken for the right one.
 */
export function lockGraph(packages: readonly LockedPackage[], file = 'Cargo.lock'): LockGraph {
  const byName = new Map<string, number[]>();
  for (const [index, { name }] of packages.entries()) {
    const same = byName.get(name);
    if (same) same.push(index);
    else byName.set(name, [index]);
  }
  const edges = packages.map((from) => {
    const written = from.replace === undefined ? from.dependencies : [...from.dependencies, from.replace];
    return written.map((text) => resolve(text, packages, byName) ?? fail(unresolved(text, from, file)));
  });
  return { packages, edges };
}

/** The path package of that name; with its version where the lock has several. */
export function pathPackage(
  { packages }: LockGraph,
  { name, version }: { name: string; version?: string },
): number | undefined {
  const found = packages.flatMap((one, index) =>
    one.name === name && one.source === undefined ? [index] : [],
  );
  if (found.length < 2) return found[0];
  const exact = found.filter((index) => packages[index]?.version === version);
  return exact.length === 1 ? exact[0] : undefined;
}

function resolve(
  text: string,
  packages: readonly LockedPackage[],
  byName: ReadonlyMap<string, number[]>,
): number | undefined {
  const [, name = '', version, source] = /^(\S+)(?: (\S+))?(?: \((.+)\))?$/.exec(text) ?? [];
  const candidates = byName.get(name) ?? [];
  if (candidates.length === 1 && version === undefined) return candidates[0];
  const fitting = candidates.filter((index) => fits(packages[index] as LockedPackage, version, source));
  if (fitting.length === 1) return fitting[0];
  // Versions that differ cannot be meant by a name alone. A path package is always written without source.
  const isVersionSettled = version !== undefined || hasOneVersion(fitting, packages);
  const paths = fitting.filter((index) => packages[index]?.source === undefined);
  return isVersionSettled && paths.length === 1 ? paths[0] : undefined;
}

function fits(candidate: LockedPackage, version: string | undefined, source: string | undefined): boolean {
  if (version !== undefined && candidate.version !== version) return false;
  if (source === undefined || candidate.source === source) return true;
  // cargo leaves the commit out where it writes a dependency.
  return !source.includes('#') && candidate.source?.replace(/#.*$/, '') === source;
}

function hasOneVersion(indices: number[], packages: readonly LockedPackage[]): boolean {
  return new Set(indices.map((index) => packages[index]?.version)).size === 1;
}

function unresolved(text: string, from: LockedPackage, file: string): PlatformError {
  return lockUnreadable(
    file,
    from.line,
    `the dependency "${text}" of ${from.name} ${from.version} fits no package there, or more than one`,
  );
}

function fail(error: PlatformError): never {
  throw error;
}
