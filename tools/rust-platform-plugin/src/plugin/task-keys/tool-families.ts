import { toolVariables } from '../../cargo/scan/tool-variables';
import type { Ingredient } from '../../results/key-record';
import { variable } from './ingredient';

/** Who reads a variable of the tools: every compiler call, or one kind of task only. */
export type ToolReader = 'compiling' | 'build' | 'development' | 'tests' | 'clippy' | 'rustfmt';

const READERS: Array<[RegExp, ToolReader | undefined]> = [
  [/^CARGO_PROFILE_RELEASE_/, 'build'],
  [/^CARGO_PROFILE_(DEV|TEST)_/, 'development'],
  // Profiles that no target of ours uses.
  [/^CARGO_PROFILE_/, undefined],
  [/^(RUSTDOC|RUSTDOCFLAGS|CARGO_ENCODED_RUSTDOCFLAGS|CARGO_BUILD_RUSTDOC.*)$/, 'tests'],
  [/^NEXTEST_/, 'tests'],
  [/^CLIPPY_/, 'clippy'],
  [/^RUSTFMT$/, 'rustfmt'],
  [/^CARGO_BUILD_(JOBS|TARGET_DIR|BUILD_DIR)$/, undefined],
];

/** Variables that cargo, rustc, clippy, rustfmt, sqlx and C toolchains read, by who reads them. */
export function toolIngredients(env: NodeJS.ProcessEnv, reader: ToolReader): Ingredient[] {
  return toolVariables(env)
    .filter(([name]) => isReadBy(reader, name))
    .map(([name, value]) => variable(name, value));
}

/** Which toolchain is in force counts for whatever comes from it. */
export function isReadBy(reader: ToolReader, name: string): boolean {
  return readerOf(name) === reader || (reader === 'rustfmt' && name === 'RUSTUP_TOOLCHAIN');
}

export function readerOf(name: string): ToolReader | undefined {
  const found = READERS.find(([pattern]) => pattern.test(name));
  return found ? found[1] : 'compiling';
}
