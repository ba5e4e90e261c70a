/** A Cargo workspace as read from `cargo metadata --no-deps`, or from the manifests when cargo cannot answer. Paths are absolute. */
export interface CargoWorkspace {
  root: string;
  /** `target_directory` of cargo; honours config and environment. */
  targetDirectory: string;
  lockFile: string | undefined;
  packages: CargoPackage[];
  /** Who gave the answer. `manifests`: cargo was missing or refused; `problem` says why. */
  source: 'cargo' | 'manifests';
  problem?: CargoProblem;
}

export interface CargoProblem {
  code: string;
  file: string;
  line?: number;
  what: string;
  why?: string;
  fix: string;
}

export interface CargoPackage {
  name: string;
  version: string;
  edition: string;
  description: string | undefined;
  manifestPath: string;
  /** Folder of the manifest. */
  root: string;
  targets: CargoTarget[];
  dependencies: CargoDependency[];
  /** `[features]`: name → what it switches on. */
  features: Record<string, string[]>;
  /** `default-run`. */
  defaultRun: string | undefined;
  /** `[package.metadata]`, untrusted. */
  metadata: Record<string, unknown>;
}

export interface CargoTarget {
  name: string;
  /** cargo's kinds: `lib`, `bin`, `test`, `bench`, `example`, `custom-build`, `proc-macro`, … */
  kind: string[];
  srcPath: string;
  test: boolean;
  doctest: boolean;
  requiredFeatures: string[];
}

export interface CargoDependency {
  /** Name in the registry (`package = "…"` when renamed). */
  name: string;
  rename: string | undefined;
  kind: 'normal' | 'dev' | 'build';
  optional: boolean;
  features: string[];
  defaultFeatures: boolean;
  /** Absolute folder of a path dependency. */
  path: string | undefined;
}
