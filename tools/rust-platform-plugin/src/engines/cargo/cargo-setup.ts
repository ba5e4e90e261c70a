import type { Report } from '../endpoints';

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
}

/** The surroundings of one or more cargo calls for one crate. */
export interface CargoSetup {
  /** Absolute. */
  workspaceRoot: string;
  crate: CargoCrate;
  /** Shown to whoever waits for the lock, e.g. `build links`. */
  purpose: string;
  report: Report;
  signal?: AbortSignal;
  /** Added to the environment of every call; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  /** Diagnostics may be coloured. */
  colour?: boolean;
  /** Folders of the crate and of the crates in this repository that it is built from; default: the crate's own. */
  sources?: string[];
  /** The caller holds the machine lock already, shared or exclusive. */
  holdsMachineLock?: boolean;
}
