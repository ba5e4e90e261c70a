import { posix } from 'node:path';
import { PlatformError } from '../errors';
import type { CargoFacts, FileSource, MemberFacts, RootFacts } from './cargo-facts-types';
import { discoverMembers, givenMembers, type Membership } from './cargo-facts-members';
import { packageFactsOf, readOthers } from './cargo-facts-packages';
import { readRoot } from './cargo-facts-root';
import { ManifestReader } from './manifest-facts/manifest-reader';
import { repositoryPath } from './manifest-facts/repository-path';

export type * from './cargo-facts-types';
export { cargoKeys } from './cargo-facts-keys';

/**
 * Reads manifests and locks of a repository, without cargo, network or any disk but `source`. `manifests`: every Cargo.toml
 * of it. `roots`: manifest path → root folder of its workspace, where that is known already; otherwise found by cargo's
 * rules.
 */
export function readCargoFacts(
  source: FileSource,
  manifests: readonly string[],
  roots?: ReadonlyMap<string, string>,
): CargoFacts {
  const reader = new ManifestReader(source);
  const memberships = roots ? givenMembers(reader, manifests, roots) : discoverMembers(reader, manifests);
  const facts: CargoFacts = { members: new Map(), others: new Map(), roots: new Map(), problems: [] };
  for (const membership of memberships) addWorkspace(membership, source, facts);
  readOthers(facts, reader);
  return facts;
}

function addWorkspace(membership: Membership, source: FileSource, facts: CargoFacts): void {
  const { root, members } = membership;
  const cargoRoot = repositoryPath(root.folder);
  const read = readRoot(membership, source);
  facts.roots.set(cargoRoot, read.facts);
  for (const manifest of members) {
    const path = repositoryPath(manifest.file);
    const own = packageFactsOf(manifest, root, read.replaced.get(manifest.folder));
    const lock = own.name === '' ? undefined : read.locks.get(own.name);
    const compilesC = read.compilesC.get(own.name);
    facts.members.set(path, { ...own, cargoRoot, lock, ...(compilesC ? { compilesC } : {}) });
    const error = read.error ?? (lock ? undefined : notInLock(own, read.facts));
    if (error) facts.problems.push({ members: [path], error });
  }
}

function notInLock({ name, folder }: Pick<MemberFacts, 'name' | 'folder'>, root: RootFacts): PlatformError {
  return new PlatformError({
    code: 'lock-without-crate',
    what: `${root.lockFile} does not have ${name || folder}`,
    why: 'the lock is older than the manifests, so that what the crate is built from cannot be told',
    fix: `cargo update --workspace --manifest-path ${posix.join(root.folder, 'Cargo.toml')}`,
  });
}
