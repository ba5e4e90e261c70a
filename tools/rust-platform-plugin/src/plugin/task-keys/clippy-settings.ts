import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'smol-toml';
import type { ConfigFile } from '../../cargo/cargo-config';
import { isTable, tableAt } from '../../cargo/manifest';

/** Texts of clippy's settings in the folder that CLIPPY_CONF_DIR names, in the repository or not. */
export function clippySettings(folder: string | undefined, cargoRoot: string): Array<string | null> {
  if (!folder) return [];
  // clippy runs in the root of the Cargo workspace.
  return ['clippy.toml', '.clippy.toml'].map((name) => textOf(resolve(cargoRoot, folder, name)));
}

/** CLIPPY_CONF_DIR of the environment, and every one that `[env]` of cargo's configuration sets. */
export function clippyFolders(env: NodeJS.ProcessEnv, configs: readonly ConfigFile[]): string[] {
  return [env['CLIPPY_CONF_DIR'], ...configs.map(configuredFolder)].filter((folder) => folder !== undefined);
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

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
