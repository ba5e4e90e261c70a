/**
 * The crates of a repository as the platform sees them. Pure data: everything that inference, executors and the command
 * line know about a crate. Paths are relative to the Nx workspace root, with `/`; `.` is the workspace root itself.
 */
export interface ServiceModel {
  crates: RustCrate[];
  /** Problems that belong to one file; good crates are kept beside them. */
  problems: ModelProblem[];
}

export interface ModelProblem {
  code: string;
  file: string;
  line?: number;
  what: string;
  why?: string;
  fix: string;
  /** `inference`: an error of createNodes for that file. `task`: cargo will say so when a task runs. */
  severity: 'inference' | 'task';
}

export interface RustCrate {
  /** Nx project name. */
  project: string;
  packageName: string;
  description: string | undefined;
  root: string;
  manifest: string;
  /** Root folder of the Cargo workspace the crate belongs to. */
  cargoRoot: string;
  /** Cargo's target directory, absolute: it may lie outside the workspace. */
  targetDirectory: string;
  lockFile: string | undefined;
  edition: string;
  /** Names of `[[bin]]` targets without required features, in manifest order. */
  binaries: string[];
  hasLibrary: boolean;
  /** Library with doc tests enabled. */
  hasDoctests: boolean;
  /** Source files of all targets, build script included. */
  targetSources?: string[];
  hasBuildScript?: boolean;
  /** Path dependencies inside the repository, by project name. */
  dependencies: CrateDependency[];
  /** Direct dependencies that lie outside any crate of this model, absolute folders. */
  externalPathDependencies: string[];
  /** Those of them that lie in the repository, relative folders. */
  repositoryPathDependencies?: string[];
  /** Servers that `test` needs: dev-dependencies, integration tests of a crate that uses them, or metadata `test-needs`. */
  testNeeds: Array<'postgres' | 'redis'>;
  service: RustService | undefined;
}

export interface CrateDependency {
  project: string;
  kinds: Array<'normal' | 'dev' | 'build'>;
  /** A dev-dependency edge that closes a cycle; hashed, but never used to order tasks. */
  closesCycle: boolean;
}

export interface RustService {
  /** The binary that is the service. */
  binary: string;
  /** Arguments given to it. */
  args: string[];
  /** Stable default port of `serve`. */
  port: number;
  portSource: 'metadata' | 'options' | 'name';
  /** Path of the health URL, e.g. `/health`. */
  health: string;
  needs: Need[];
  /** Why each need was seen, for `nx show project`: e.g. `postgres: sqlx in [dependencies]`. */
  evidence: string[];
  /** Environment variable → template, merged over the default contract. */
  env: Record<string, string>;
  /** Folder of the sqlx migrations. */
  migrations: string | undefined;
  /** `.http` files, sorted. */
  apiTests: string[];
  /** `bench/scenarios.toml`, when it exists. */
  scenarios: string | undefined;
  /** Seconds between SIGTERM and SIGKILL. */
  gracePeriod: number;
  /** Seconds a start may take until the health URL answers. */
  startTimeout: number;
}

export type Need =
  | { kind: 'postgres' }
  | { kind: 'redis' }
  | { kind: 'service'; project: string }
  | { kind: 'compose'; service: string };
