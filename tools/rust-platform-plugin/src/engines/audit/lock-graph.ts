/** One `[[package]]` of Cargo.lock. */
export interface LockedPackage {
  name: string;
  version: string;
  /** Undefined for path packages, so for every crate of the workspace. */
  source: string | undefined;
  /** As written: `name`, `name version` or `name version (source)`. */
  dependencies: string[];
}

/** Reads the packages of a Cargo.lock, versions 1 to 4: a regular file that only cargo writes. */
export function parseLock(text: string): LockedPackage[] {
  return text
    .split(/^\[\[package\]\]\s*$/mu)
    .slice(1)
    .map((block) => block.split(/^\[/mu)[0] ?? '')
    .map(packageOf);
}

/**
 * Everything that a crate is linked with or built by, with the way to it: `links > axum > hyper`. Optional dependencies and
 * those of other platforms count. Undefined when the lock does not have the crate.
 */
export function closureOf(
  packages: LockedPackage[],
  crate: string,
): Map<LockedPackage, string[]> | undefined {
  const start = packages.find(({ name, source }) => name === crate && source === undefined);
  if (!start) return undefined;
  const byName = groupByName(packages);
  const ways = new Map([[start, [start.name]]]);
  for (const [from, way] of ways) {
    for (const to of from.dependencies.flatMap((dependency) => candidates(dependency, byName))) {
      if (!ways.has(to)) ways.set(to, [...way, to.name]);
    }
  }
  return ways;
}

function packageOf(block: string): LockedPackage {
  const value = (key: string): string | undefined => new RegExp(`^${key} = "(.*)"$`, 'mu').exec(block)?.[1];
  const list = /^dependencies = \[([\s\S]*?)^\]/mu.exec(block)?.[1] ?? '';
  return {
    name: value('name') ?? '',
    version: value('version') ?? '',
    source: value('source'),
    dependencies: [...list.matchAll(/"(.*?)"/gu)].map(([, dependency = '']) => dependency),
  };
}

/** An ambiguous entry leads to all packages that it may mean. */
function candidates(dependency: string, byName: Map<string, LockedPackage[]>): LockedPackage[] {
  const [name = '', version, source] = dependency.split(' ');
  return (byName.get(name) ?? []).filter(
    (candidate) =>
      (version === undefined || candidate.version === version) &&
      (source === undefined || `(${candidate.source})` === source),
  );
}

function groupByName(packages: LockedPackage[]): Map<string, LockedPackage[]> {
  const groups = new Map<string, LockedPackage[]>();
  for (const each of packages) groups.set(each.name, [...(groups.get(each.name) ?? []), each]);
  return groups;
}
