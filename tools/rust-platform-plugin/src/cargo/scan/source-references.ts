/** A path in a source file, and what it is relative to. */
export interface PathReference {
  base: 'file' | 'manifest';
  path: string;
  /** Named by a macro that fails without it; otherwise a text that may be a path. */
  required: boolean;
  /** Something below this folder, which is all that can be told: as the source has it. */
  below?: string;
}

/** An include in a `macro_rules!`, of what the macro is given. */
export interface MacroInclude {
  macro: string;
  base: PathReference['base'];
  before: string;
  behind: string;
  /** As the source has it. */
  what: string;
}

/** An include of the file that a variable names. */
export interface FromVariable {
  name: string;
  what: string;
}

/** What one source file reads beyond itself. Empty lists are left out, since most files read nothing. */
export interface SourceReferences {
  paths?: PathReference[];
  /** Names of `mod name;`. */
  modules?: string[];
  /** `env!`, `option_env!` and `rerun-if-env-changed`. */
  compileEnv?: string[];
  /** `env::var("…")`, `#[arg(env = "…")]`. */
  runtimeEnv?: string[];
  /** Other texts that have the shape of a variable's name: a wrapper around `env::var` may be given them. */
  names?: string[];
  /** Reads variables whose names cannot be told: `env::vars()`, `env::var(name)`, a library that asks for all. */
  anyEnv?: true;
  /** `env!("CARGO_MANIFEST_DIR")` outside an include: the absolute path may end in the binary. */
  bakesPath?: true;
  /** `env!("CARGO_MANIFEST_DIR")` anywhere: rustc then says so in its dep-info. */
  namesManifestDirectory?: true;
  /** Switches lints on that read the manifests of the whole workspace. */
  cargoLints?: true;
  /** Macros of sqlx that ask a database at compile time. */
  queries?: true;
  /** Macros that ask git at compile time. */
  git?: true;
  /** Includes whose path cannot be told. */
  unresolved?: string[];
  includes?: MacroInclude[];
  fromVariables?: FromVariable[];
  /** Of the examples in comments, which run as tests. */
  examples?: SourceReferences[];
  /** Texts that macros of unknown meaning are given, call by call. */
  calls?: Record<string, string[][]>;
  /** Walks up from its folder (`..`, `parent()`): any text that looks like a path may be one above the crate. */
  climbs?: true;
  /** Texts that look like a path. */
  texts?: string[];
  /** Single words that are given to something that takes a path. */
  words?: string[];
  /** Texts that may name a place of the crate that does not count by itself: `api/`, `README.md`, a hidden file. */
  uncounted?: string[];
  /** The same in what only tests compile. */
  uncountedInTests?: string[];
}
