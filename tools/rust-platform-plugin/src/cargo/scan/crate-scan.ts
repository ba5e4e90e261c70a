import type { IgnoreRules } from './ignore-rules';
import type { CompileTimeRole } from './judge-reads';
import type { ScanCache } from './scan-cache';
import type { UnsettledInput } from './unsettled-input';

export interface ScanRequest {
  /** Folder of the crate, absolute. */
  root: string;
  /** Source files of its targets, absolute: they may lie outside the folder. */
  targetSources: readonly string[];
  /** Only these folders of the crate hold its sources (a root package); default: all. */
  sourceFolders?: readonly string[];
  /** Folders of other crates, which are scanned by themselves. */
  otherRoots: ReadonlySet<string>;
  /** Root of the repository: a search upwards ends here, and reasons are relative to it. */
  repository: string;
  /** Root of the Cargo workspace, absolute: default the crate. */
  cargoRoot?: string;
  /** It has API tests and benches, whose folders no result depends on. */
  isService?: boolean;
  /** It runs while other crates compile, and as what. */
  role?: CompileTimeRole;
  /** Names of functions that build scripts and macros may call; default: all. Of libraries the others do not count. */
  reachable?: ReadonlySet<string>;
  /** What git and Nx ignore in the repository; default: nothing. */
  ignored?: IgnoreRules;
  cache: ScanCache;
}

/** What the results of a crate depend on, as far as its sources tell. The same on every machine. */
export interface CrateScan {
  /** Everything in its folder (of a root package: in the folders that hold its sources), absolute, other crates aside. */
  files: string[];
  /** Of them, those that git or Nx ignores; sources are not asked for. */
  ignoredFiles: ReadonlySet<string>;
  /** Places in its folder that its build script writes to, absolute: what git ignores there is no input. */
  made: string[];
  /** Absolute path → content hash; `missing` for a file that something asks for. Own sources are among them. */
  content: Record<string, string>;
  /** Of them, those that only tests, benches and examples name. */
  testContent: ReadonlySet<string>;
  compileEnv: string[];
  /** Of them, those that only tests, benches and examples name. */
  testEnv: string[];
  runtimeEnv: string[];
  /** It also reads variables whose names its sources do not tell. */
  anyEnv: boolean;
  bakesPath: boolean;
  /** `env!("CARGO_MANIFEST_DIR")` stands somewhere, be it in an include only. */
  namesManifestDirectory: boolean;
  queries: boolean;
  /** Its sources switch on lints of `clippy::cargo`. */
  cargoLints: boolean;
  /** Asked by sqlx. */
  databaseVariable: string;
  /** It asks git while it compiles. */
  git: boolean;
  /** Its build script compiles C. */
  cCompiler: boolean;
  /** Programs that its build script starts. */
  programs: string[];
  /** Reads files while others compile, which cargo takes no notice of. */
  readsUntracked: boolean;
  /** What it reads and the sources do not tell. Empty: settled. */
  unsettled: UnsettledInput[];
  notes: string[];
}
