/** One `[[package]]` of Cargo.lock. */
export interface LockedPackage {
  name: string;
  version: string;
  /** Undefined for path packages, so for every crate of the workspace. */
  source: string | undefined;
  checksum: string | undefined;
  /** As written: `name`, `name version` or `name version (source)`. */
  dependencies: string[];
  /** The package that `[replace]` puts in its place, written like a dependency. */
  replace: string | undefined;
  /** 1 for the first line of the file; 0 where that is not known. */
  line: number;
}
