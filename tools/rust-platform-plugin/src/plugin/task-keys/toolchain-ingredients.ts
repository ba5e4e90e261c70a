import { join } from 'node:path';
import { rustcVersion } from '../../cargo/rustc-version';
import { readToolchainFile } from '../../cargo/toolchain';
import type { Ingredient } from '../../results/key-record';
import { hidden, placeOf } from './ingredient';
import type { KeyWorld } from './key-world';

/** The compiler that answers in the root of a Cargo workspace, and the file that chose it. */
export async function toolchainIngredients(
  { workspaceRoot, env }: KeyWorld,
  cargoRoot: string,
): Promise<Ingredient[]> {
  const folder = join(workspaceRoot, cargoRoot);
  const version = await rustcVersion({ workspaceRoot, folder, env });
  const pinned = readToolchainFile(folder);
  return [
    { group: 'tool', name: `rustc in ${cargoRoot}`, value: version.trim().replaceAll('\n', '; ') },
    ...(pinned
      ? [{ group: 'tool' as const, name: placeOf(workspaceRoot, pinned.file), value: hidden(pinned.text) }]
      : []),
  ];
}
