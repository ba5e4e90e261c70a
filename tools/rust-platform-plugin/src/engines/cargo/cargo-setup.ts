import type { Report } from '../endpoints';
import type { Seat } from './batch/meeting';
import type { CompileInputs } from './distrust-fresh';

/** What the engine reads of a crate; `RustCrate` of the service model fits. */
export interface CargoCrate {
  project: string;
  packageName: string;
  /** Folder, manifest and Cargo workspace root, relative to the workspace root. */
  root: string;
  manifest: string;
  cargoRoot: string;
  /** Absolute. */
  targetDirectory: string;
  binaries: string[];
  hasLibrary: boolean;
  hasDoctests: boolean;
  /** Source files of its targets, relative to the workspace root. */
  targetSources?: string[];
}

/** The surroundings of one or more cargo calls for one crate. */
export interface CargoSetup {
  /** Absolute. */
  workspaceRoot: string;
  crate: CargoCrate;
  /** Shown to whoever waits for the lock, e.g. `build links`. */
  purpose: string;
  report: Report;
  /** Gets on whom we wait; default: `report`. */
  announce?: Report;
  /** Gets what only tells how far the work is; default: nobody. */
  progress?: Report;
  signal?: AbortSignal;
  /** Added to the environment of every call; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  /** The part of `env` that compiling this crate can notice; default: all of it. Crates that agree may share a cargo. */
  compileEnv?: Record<string, string | undefined>;
  /** Put behind the subcommand of whatever compiles; may name folders of this machine. */
  compilerArgs?: string[];
  /** sqlx checks queries while this crate, or one below it, is compiled; default: it may. */
  checksQueries?: boolean;
  /** Diagnostics may be coloured, and are shown as they come. */
  colour?: boolean;
  /** Folders of the crate and of the crates in this repository that it is built from; default: the crate's own. */
  sources?: string[];
  /** What compiling the crate and those below it reads besides their sources, as far as it was looked for. */
  inputs?: CompileInputs;
  /** Other crates of the same run, for which one cargo does the work as well. */
  meeting?: Seat;
  /** Waits until it is this crate's turn to do what loads the machine by itself; default: at once. */
  inTurn?: <T>(work: () => Promise<T>) => Promise<T>;
}
