import { toolVariables } from '../../cargo/scan/tool-variables';
import type { Ingredient } from '../../results/key-record';
import { variable } from './ingredient';

/** Who reads a variable of the tools: every compiler call, or certain kinds of tasks only. */
export type ToolReader = 'compiling' | 'build' | 'development' | 'tests' | 'clippy' | 'rustfmt';

const READERS: Array<[RegExp, ...ToolReader[]]> = [
  [/^CARGO_PROFILE_RELEASE_/, 'build'],
  [/^CARGO_PROFILE_(DEV|TEST)_/, 'development'],
  // Profiles that no target of ours uses.
  [/^CARGO_PROFILE_/],
  [/^(RUSTDOC|RUSTDOCFLAGS|CARGO_ENCODED_RUSTDOCFLAGS|CARGO_BUILD_RUSTDOC.*)$/, 'tests'],
  [/^NEXTEST_/, 'tests'],
  [/^CLIPPY_/, 'clippy'],
  [/^RUSTFMT$/, 'rustfmt'],
  // Which toolchain is in force counts for whatever comes from it.
  [/^RUSTUP_TOOLCHAIN$/, 'compiling', 'rustfmt'],
  [/^CARGO_BUILD_(JOBS|TARGET_DIR|BUILD_DIR)$/],
];

/** Variables that cargo, rustc, clippy, rustfmt, sqlx and C toolchains read, by who reads them. */
export function toolIngredients(env: NodeJS.ProcessEnv, reader: ToolReader): Ingredient[] {
  return toolVariables(env)
    .filter(([name]) => isReadBy(reader, name))
    .map(([name, value]) => variable(name, value));
}

export function isReadBy(reader: ToolReader, name: string): boolean {
  const found = READERS.find(([pattern]) => pattern.test(name));
  return found ? found.slice(1).includes(reader) : reader === 'compiling';
}
