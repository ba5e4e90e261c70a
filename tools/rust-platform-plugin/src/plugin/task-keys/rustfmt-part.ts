import { homedir } from 'node:os';
import { join } from 'node:path';
import { ownManifest } from '../../cargo/cargo-facts-families';
import type { Ingredient } from '../../results/key-record';
import type { RustCrate } from '../../service-model/service-model';
import { dotenvIngredients } from './dotenv-ingredients';
import { asIngredients } from './ingredient';
import type { KeyWorld } from './key-world';
import { isReadBy } from './tool-families';

const NAMES = ['rustfmt.toml', '.rustfmt.toml'];

/** Sources, edition and settings: all that decides the format of a crate. */
export function rustfmtIngredients(
  world: KeyWorld,
  crate: RustCrate,
  files: readonly Ingredient[],
): Ingredient[] {
  const { workspaceRoot, env, dotenv, settings } = world;
  const folder = join(workspaceRoot, crate.root);
  const facts = world.facts(crate);
  const home = env['HOME'] ?? homedir();
  const configuration = env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const ofUser = [
    home,
    ...[configuration, join(home, 'Library/Application Support')].map((place) => join(place, 'rustfmt')),
  ];
  return [
    ...files.filter(({ group }) => group === 'source'),
    ...asIngredients(facts ? ownManifest(facts, 'rustfmt', '') : []),
    ...settings.upwards(folder, NAMES, ofUser),
    ...dotenvIngredients(dotenv.upwards(folder), workspaceRoot, (name) => isReadBy('rustfmt', name)),
  ];
}
