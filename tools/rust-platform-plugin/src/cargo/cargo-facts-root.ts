import { posix } from 'node:path';
import { PlatformError } from '../errors';
import { usesCCompiler } from './c-compiler-identity';
import type { Membership } from './cargo-facts-members';
import type { FileSource, PathDependency, RootFacts } from './cargo-facts-types';
import { replacedPackages } from './cargo-facts-replaced';
import { lockHashes, type LockCuts, type LockMember } from './lock/lock-hashes';
import { lockReach } from './lock/lock-reach';
import { parseLock, type LockedPackage } from './lock/parse-lock';
import { stringAt, tableAt, type Manifest } from './manifest';
import { manifestDependencies } from './manifest-dependencies';
import { repositoryPath } from './manifest-facts/repository-path';
import { resolverOf, workspaceRootFacts } from './manifest-facts/workspace-root-facts';

export interface ReadRoot {
  facts: RootFacts;
  /** By package name. */
  locks: Map<string, LockCuts>;
  /** By package name: whether its build and its tests reach a package through which build scripts compile C. */
  compilesC: Map<string, Record<keyof LockCuts, boolean>>;
  /** By folder of the member. */
  replaced: Map<string, PathDependency[]>;
  /** Why no member has a lock. */
  error: PlatformError | undefined;
}

/** Root manifest and lock of one workspace. */
export function readRoot({ root, members }: Membership, source: FileSource): ReadRoot {
  const folder = repositoryPath(root.folder);
  const facts: RootFacts = {
    folder,
    manifest: workspaceRootFacts(root, repositoryPath(root.file)),
    resolver: resolverOf(root),
    lockFile: posix.join(folder, 'Cargo.lock'),
    packages: undefined,
    members: members.map((member) => lockMember(member, root)),
  };
  try {
    const packages = readLock(source, facts.lockFile);
    const locks = hashesFor(facts, packages);
    const replaced = replacedPackages(root, members, { ...facts, packages });
    const isCompiler = (name: string) => usesCCompiler([name]);
    const compilesC = lockReach(packages, facts.members, isCompiler, facts.lockFile);
    return { facts: { ...facts, packages }, locks, compilesC, replaced, error: undefined };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { facts, locks: new Map(), compilesC: new Map(), replaced: new Map(), error };
  }
}

function readLock(source: FileSource, file: string): LockedPackage[] {
  const text = source.read(file);
  if (text !== undefined) return parseLock(text, file);
  throw new PlatformError({
    code: 'lock-missing',
    what: `${file} does not exist`,
    why: 'what the crates are built from cannot be told',
    fix: `cargo generate-lockfile --manifest-path ${posix.join(posix.dirname(file), 'Cargo.toml')}`,
  });
}

/** Resolver 1 switches features on for builds that only dev-dependencies ask for. */
function hashesFor(
  { members, resolver, lockFile }: RootFacts,
  packages: LockedPackage[],
): Map<string, LockCuts> {
  const hashes = lockHashes(packages, members, lockFile);
  if (resolver !== '1') return hashes;
  return new Map([...hashes].map(([name, { test }]) => [name, { build: test, test }]));
}

function lockMember(manifest: Manifest, root: Manifest): LockMember {
  const declared = manifestDependencies(manifest, root);
  const others = new Set(declared.flatMap(({ kind, name }) => (kind === 'dev' ? [] : [name])));
  const own = tableAt(manifest.toml, 'package');
  const version = stringAt(own, 'version');
  return {
    name: stringAt(own, 'name') ?? '',
    ...(version === undefined ? {} : { version }),
    devOnly: new Set(declared.map(({ name }) => name).filter((name) => !others.has(name))),
  };
}
