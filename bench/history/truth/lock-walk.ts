import { declaredDependencies, type Package } from './declared-dependencies';
import { strings, table, text, type Table } from './toml-files';
import type { Workspace } from './workspaces';

interface Locked {
  name: string;
  version: string;
  source: string | undefined;
  /** The whole package on one line; without a version when it lies in the repository. */
  line: string;
  to: Locked[];
}

export interface ReachedLock {
  /** Every package that a member reaches, with its edges: one text each, unsorted. */
  texts: string[];
  /** Names of the packages without a source among them. */
  local: string[];
}

/** A lock as a list of packages, walked once per member. */
export class LockWalk {
  private readonly packages: Locked[];
  private readonly devOnly = new Map<Locked, Set<string>>();
  private readonly memberOf = new Map<Package, Locked>();
  private readonly known = new Map<Locked, { to: Locked[]; text: string }>();

  /** Throws for a lock that says nothing definite. */
  constructor(lock: Table, workspace: Workspace) {
    this.packages = readPackages(lock);
    for (const member of workspace.members) {
      const own = this.find(member);
      if (!own) continue;
      this.memberOf.set(member, own);
      this.devOnly.set(own, devOnlyNames(member));
    }
  }

  /** `undefined`: the lock does not have the member. */
  reached(member: Package, withDev: boolean): ReachedLock | undefined {
    const start = this.memberOf.get(member);
    if (!start) return undefined;
    const reached = new Set<Locked>();
    const first = withDev ? start.to : this.of(start).to;
    const stack = [...first];
    for (let one = stack.pop(); one; one = stack.pop()) {
      if (reached.has(one)) continue;
      reached.add(one);
      stack.push(...this.of(one).to);
    }
    const all = [...reached];
    return {
      texts: [describe('the crate', first), ...all.map((one) => this.of(one).text)],
      local: all.filter(({ source }) => source === undefined).map(({ name }) => name),
    };
  }

  private of(from: Locked): { to: Locked[]; text: string } {
    let known = this.known.get(from);
    if (!known) {
      const cut = this.devOnly.get(from);
      const to = cut ? from.to.filter(({ name }) => !cut.has(name)) : from.to;
      known = { to, text: describe(from.line, to) };
      this.known.set(from, known);
    }
    return known;
  }

  private find({ toml }: Package): Locked | undefined {
    const { name, version } = table(toml['package']);
    const same = this.packages.filter((one) => one.name === name && one.source === undefined);
    return same.length > 1 ? same.find((one) => one.version === version) : same[0];
  }
}

function describe(from: string, to: Locked[]): string {
  const [name, version = ''] = from.split(' ');
  return [`locked ${from}`, ...to.map(({ line }) => `locked ${name} ${version} -> ${line}`).sort()].join(
    '\n',
  );
}

function readPackages(lock: Table): Locked[] {
  const metadata = table(lock['metadata']);
  const entries = (Array.isArray(lock['package']) ? lock['package'] : []).map(table);
  const packages = entries.map((entry): Locked => {
    const [name, version, source] = [
      text(entry['name']) ?? '',
      text(entry['version']) ?? '',
      text(entry['source']),
    ];
    const checksum = entry['checksum'] ?? metadata[`checksum ${name} ${version} (${source})`];
    const line =
      source === undefined ? name : [name, version, source, checksum, entry['replace']].map(String).join(' ');
    return { name, version, source, line, to: [] };
  });
  const named = new Map<string, Locked[]>();
  for (const one of packages) named.set(one.name, [...(named.get(one.name) ?? []), one]);
  for (const [index, entry] of entries.entries()) {
    const written = [...strings(entry['dependencies']), ...strings([entry['replace']])];
    packages[index]?.to.push(...written.map((one) => resolve(one, named)));
  }
  return packages;
}

function resolve(written: string, named: Map<string, Locked[]>): Locked {
  const [name = '', version, source] = written.split(' ');
  let found = named.get(name) ?? [];
  if (version !== undefined) found = found.filter((one) => one.version === version);
  if (source !== undefined) {
    const wanted = source.slice(1, -1);
    found = found.filter((one) => one.source === wanted || one.source?.split('#')[0] === wanted);
  } else if (found.length > 1) {
    found = found.filter((one) => one.source === undefined);
  }
  if (found.length !== 1 || !found[0]) throw new Error(`${written} is ${found.length} packages`);
  return found[0];
}

function devOnlyNames(member: Package): Set<string> {
  const declared = declaredDependencies(member);
  const names = declared.filter(({ kind }) => kind === 'dev').map(({ name }) => name);
  return new Set(names.filter((name) => declared.every((one) => one.name !== name || one.kind === 'dev')));
}
