import type { MemberFacts, PackageFacts, RootFacts } from './cargo-facts-types';
import type { ManifestFact } from './manifest-facts/manifest-fact';

/** Results that depend on the same: `clippy` is also `check`. */
export type CargoFamily = 'build' | 'clippy' | 'test' | 'rustfmt';

export const CARGO_FAMILIES: readonly CargoFamily[] = ['build', 'clippy', 'test', 'rustfmt'];

/** Of `[profile]` only what the family compiles with; a profile of another name is used by none. */
const PROFILES: Record<CargoFamily, readonly string[]> = {
  build: ['release'],
  clippy: ['dev', 'test'],
  test: ['dev', 'test'],
  rustfmt: [],
};

/** cargo fmt asks for the edition and for the files of the targets. */
const FORMATTED = /\[package\] (edition|build|auto\w+)$| \[(lib|bin|test|example|bench)\]$/;

/** What of the effective manifest of a crate counts for its own results. */
export function ownManifest(crate: PackageFacts, family: CargoFamily, resolver: string): ManifestFact[] {
  return crate.manifest.filter(({ name, only }) => {
    if (family === 'rustfmt') return FORMATTED.test(name);
    if (only === 'publish') return false;
    if (only === undefined || only === family) return true;
    if (only === 'clippy') return false;
    // With resolver 1 the features that dev-dependencies ask for are switched on in builds too.
    return family === 'clippy' || (resolver === '1' && / \[[^\]]*dev-dependencies\] /.test(name));
  });
}

/** What of it counts for the results of crates that depend on it. */
export function manifestAsDependency({ manifest }: PackageFacts): ManifestFact[] {
  return manifest.filter(({ only }) => only === undefined);
}

/** What of the root manifest counts for the members of its workspace. */
export function rootManifest({ manifest }: RootFacts, family: CargoFamily): ManifestFact[] {
  if (family === 'rustfmt') return [];
  return manifest.filter(({ name }) => {
    const profile = / \[profile\.([^\]]+)\]$/.exec(name)?.[1];
    return profile === undefined || isProfileOf(family, profile);
  });
}

export function isProfileOf(family: CargoFamily, profile: string): boolean {
  return PROFILES[family].includes(profile);
}

/** The dev-dependencies of a crate count for what compiles its tests. */
export function cutOf(family: CargoFamily): 'build' | 'test' {
  return family === 'build' || family === 'rustfmt' ? 'build' : 'test';
}

/** Its part of Cargo.lock; `undefined` where none counts, or none can be told. */
export function lockOf({ lock }: MemberFacts, family: CargoFamily): string | undefined {
  return family === 'rustfmt' ? undefined : lock?.[cutOf(family)];
}
