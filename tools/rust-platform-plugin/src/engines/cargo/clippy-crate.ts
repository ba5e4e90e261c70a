import type { CargoSetup } from './cargo-setup';
import { compileFailure } from './compile-failure';
import { messageFormat } from './message-format';
import { UNLOCKED_NOTE, withCargo } from './with-cargo';

export interface ClippyRun {
  errors: number;
  warnings: number;
  notes: string[];
}

/**
 * Lints all targets of one crate. `-D warnings` is not handed on: warnings would be counted as errors, and switching the
 * arguments of clippy lints the whole workspace anew; the caller fails on `warnings` instead. Throws when a crate that it
 * depends on does not compile, or cargo itself fails.
 */
export async function clippyCrate(setup: CargoSetup): Promise<ClippyRun> {
  const { crate } = setup;
  const args = ['--all-targets', '--no-deps', `-p=${crate.packageName}`, messageFormat(setup)];
  return withCargo(setup, (cargo) =>
    cargo.exclusively(async () => {
      const result = await cargo.run({ subcommand: ['clippy'], args });
      const own = result.errors.filter(({ manifestPath }) => manifestPath === cargo.manifestPath);
      if (result.exitCode !== 0 && own.length === 0) throw compileFailure(result, crate, cargo.manifestPath);
      const notes = cargo.hasLock ? [] : [UNLOCKED_NOTE];
      return { errors: own.length, warnings: result.warnings.length, notes };
    }),
  );
}
