import { CHECK_ORDER } from './batch/compile-order';
import type { CargoSetup } from './cargo-setup';
import { compileCrate, type CompiledCrate } from './compile-crate';

export interface CheckRun {
  warnings: number;
  notes: string[];
}

/** Checks that all targets of one crate compile. Throws `compile-failed`. */
export async function checkCrate(
  setup: CargoSetup,
  verify: (crate: CompiledCrate) => Promise<void>,
): Promise<CheckRun> {
  return compileCrate(setup, CHECK_ORDER, async ({ crate, notes }) => {
    await verify(crate);
    return { warnings: crate.warnings.length, notes };
  });
}
