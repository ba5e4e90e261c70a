import type { PlatformError } from '../errors';
import type { LockCuts, LockMember } from './lock/lock-hashes';
import type { LockedPackage } from './lock/locked-package';
import type { ManifestFact } from './manifest-facts/manifest-fact';
import type { CargoDependency } from './cargo-workspace';

export type { FileSource } from './manifest-facts/manifest-reader';

/** What the Cargo files of a repository say about its crates. Paths are relative to its root, with `/`. */
export interface CargoFacts {
  /** By manifest path. */
  members: Map<string, MemberFacts>;
  /** Path packages that are no member of these workspaces (excluded, or outside the repository), by folder. */
  others: Map<string, PackageFacts>;
  /** Cargo workspaces by their root folder. */
  roots: Map<string, RootFacts>;
  problems: CargoFactsProblem[];
}

export interface PackageFacts {
  name: string;
  folder: string;
  /** The effective manifest: own fields, with what they inherit. */
  manifest: ManifestFact[];
  pathDependencies: PathDependency[];
}

export interface MemberFacts extends PackageFacts {
  /** Root folder of its workspace: the key of `roots`. */
  cargoRoot: string;
  /** `undefined`: its lock is missing, cannot be read or does not have it; `problems` says which. */
  lock: LockCuts | undefined;
  /** Whether a build script of what it reaches in the lock may compile C. */
  compilesC?: Record<keyof LockCuts, boolean>;
}

export interface PathDependency {
  folder: string;
  kinds: Array<CargoDependency['kind']>;
}

export interface RootFacts {
  folder: string;
  /** `[profile]`, `[patch]`, `[replace]` and the resolver: for every member. */
  manifest: ManifestFact[];
  resolver: string;
  lockFile: string;
  /** `undefined` when there is no lock, or none that can be read. */
  packages: LockedPackage[] | undefined;
  members: LockMember[];
}

export interface CargoFactsProblem {
  /** Manifest paths of the crates whose keys cannot be told. */
  members: string[];
  error: PlatformError;
}
