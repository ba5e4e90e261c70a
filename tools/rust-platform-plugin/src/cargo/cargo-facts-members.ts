import { posix } from 'node:path';
import { findCargoRoots } from './find-cargo-roots';
import type { Manifest } from './manifest';
import type { ManifestReader } from './manifest-facts/manifest-reader';
import { absolutePath, REPOSITORY } from './manifest-facts/repository-path';

export interface Membership {
  root: Manifest;
  /** Packages only, those that can be read. */
  members: Manifest[];
}

/** By cargo's rules, as inference without cargo. */
export function discoverMembers(reader: ManifestReader, manifests: readonly string[]): Membership[] {
  const { roots } = findCargoRoots(readAll(reader, manifests), REPOSITORY);
  return roots.map(({ manifest, members }) => ({ root: manifest, members: members.filter(isPackage) }));
}

/** As cargo has said before. */
export function givenMembers(
  reader: ManifestReader,
  manifests: readonly string[],
  roots: ReadonlyMap<string, string>,
): Membership[] {
  const found = new Map<string, Membership>();
  for (const path of manifests) {
    const manifest = reader.at(absolutePath(posix.dirname(path)));
    const folder = absolutePath(roots.get(path) ?? posix.dirname(path));
    const root = reader.at(folder);
    if (!manifest || !root || !isPackage(manifest)) continue;
    const membership = found.get(folder) ?? { root, members: [] };
    membership.members.push(manifest);
    found.set(folder, membership);
  }
  return [...found.values()];
}

function readAll(reader: ManifestReader, manifests: readonly string[]): Manifest[] {
  return manifests.flatMap((path) => reader.at(absolutePath(posix.dirname(path))) ?? []);
}

function isPackage({ toml }: Manifest): boolean {
  return toml !== undefined && 'package' in toml;
}
