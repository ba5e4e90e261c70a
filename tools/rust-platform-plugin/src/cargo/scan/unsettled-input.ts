/** Something that a crate reads while it compiles, of which its sources do not tell what it is. */
export interface UnsettledInput {
  /** The same on every machine: paths are relative to the workspace root. `rust-inputs.json` settles it by this text. */
  reason: string;
  /** The source that it stands in, relative to the workspace root. */
  file: string;
  /** Only in tests, benches and examples. */
  inTests: boolean;
  /** After a build, cargo and rustc tell what was read. Otherwise a person must. */
  observable: boolean;
  /** Only while this variable is set. */
  whileSet?: string;
}
