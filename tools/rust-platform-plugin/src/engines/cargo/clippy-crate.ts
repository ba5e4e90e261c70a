import { CLIPPY_ORDER } from './batch/compile-order';
import type { CargoSetup } from './cargo-setup';
import { compileCrate, type CompiledCrate } from './compile-crate';

export interface LintRun {
  errors: number;
  warnings: number;
  notes: string[];
}

/**
 * Lints all targets of one crate. The crates below it are linted as well, although their lints are left to their own
 * tasks: with `--no-deps` cargo would take what was compiled on the way for linted, and call it fresh. Throws when one of
 * them does not compile, or cargo itself fails. `verify` is called when there are no errors.
 */
export async function clippyCrate(
  setup: CargoSetup,
  verify: (crate: CompiledCrate) => Promise<void>,
): Promise<LintRun> {
  return compileCrate(setup, CLIPPY_ORDER, async ({ crate, notes }) => {
    if (crate.errors.length === 0) await verify(crate);
    return { errors: crate.errors.length, warnings: crate.warnings.length, notes };
  });
}
