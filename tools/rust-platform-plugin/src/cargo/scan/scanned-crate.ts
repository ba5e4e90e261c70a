/** What the scan needs to know of a crate; paths are relative to the workspace root. `RustCrate` fits. */
export interface ScannedCrate {
  /** Nx project name. */
  project: string;
  root: string;
  /** Root of its Cargo workspace. */
  cargoRoot: string;
  /** Source files of all targets. */
  targetSources?: readonly string[];
  hasBuildScript?: boolean;
  /** What it says of itself as a service, if it is one. */
  service?: unknown;
  /** Path dependencies in the repository. */
  dependencies: ReadonlyArray<{ project: string; kinds: ReadonlyArray<'normal' | 'dev' | 'build'> }>;
}

/** A path package that is no crate of the repository, by its folder, under a name that no project has. */
export function packageProject({ folder }: { folder: string }): { project: string; root: string } {
  return { project: `${folder} (no project)`, root: folder };
}
