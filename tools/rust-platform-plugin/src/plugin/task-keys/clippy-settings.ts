import { dirname, join, resolve } from 'node:path';
import { parse } from 'smol-toml';
import type { ConfigFile } from '../../cargo/cargo-config';
import { isTable, tableAt } from '../../cargo/manifest';
import type { Ingredient } from '../../results/key-record';
import type { RustCrate } from '../../service-model/service-model';
import type { KeyWorld } from './key-world';

const NAMES = ['clippy.toml', '.clippy.toml'];

/** clippy's settings for a crate: those above it, and those in the folders that CLIPPY_CONF_DIR names. */
export function clippySettings(
  { workspaceRoot, env, dotenv, settings }: KeyWorld,
  { root, cargoRoot }: RustCrate,
  configs: readonly ConfigFile[],
): Ingredient[] {
  const folder = join(workspaceRoot, root);
  const named = [
    env['CLIPPY_CONF_DIR'],
    ...dotenv.upwards(folder).map(({ values }) => values['CLIPPY_CONF_DIR']),
    ...configs.map(configuredFolder),
  ];
  // clippy runs in the root of the Cargo workspace.
  const places = named
    .filter((place) => place !== undefined && place !== '')
    .flatMap((place) => NAMES.map((name) => resolve(workspaceRoot, cargoRoot, place as string, name)));
  return [...settings.upwards(folder, NAMES), ...settings.in(places)];
}

/** A text, or `{ value, relative }`: then relative to the folder that holds `.cargo`. */
function configuredFolder({ file, text }: ConfigFile): string | undefined {
  const entry = tableAt(parseOrEmpty(text), 'env')['CLIPPY_CONF_DIR'];
  if (typeof entry === 'string') return entry;
  if (!isTable(entry) || typeof entry['value'] !== 'string') return undefined;
  return entry['relative'] === true ? join(dirname(dirname(file)), entry['value']) : entry['value'];
}

function parseOrEmpty(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return {};
  }
}
