import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ancestorFolders } from './ancestor-folders';
import { isTable, parseToml, stringAt, tableAt, type TomlTable } from './manifest';

export interface ConfigFile {
  /** Absolute. */
  file: string;
  text: string;
}

/**
 * Every configuration file that cargo merges when it runs in `folder`, strongest first: `.cargo/config.toml` (or `config`)
 * there and in every folder above, then `$CARGO_HOME`, and the files that they `include`.
 */
export function readCargoConfig(folder: string, env: NodeJS.ProcessEnv): ConfigFile[] {
  const folders = [...ancestorFolders(folder).map((ancestor) => join(ancestor, '.cargo')), cargoHome(env)];
  const found = new Map<string, ConfigFile>();
  for (const place of folders) {
    // cargo prefers the name without extension when both exist.
    const file = readText(join(place, 'config')) ?? readText(join(place, 'config.toml'));
    if (file) addWithIncludes(file, found);
  }
  return [...found.values()];
}

export function cargoHome(env: NodeJS.ProcessEnv): string {
  return env['CARGO_HOME'] ?? join(env['HOME'] ?? homedir(), '.cargo');
}

/** `target_directory` as cargo would compute it: environment, configuration, else `target`. */
export function targetDirectoryOf(cargoRoot: string, env: NodeJS.ProcessEnv): string {
  const fromEnvironment = env['CARGO_TARGET_DIR'] ?? env['CARGO_BUILD_TARGET_DIR'];
  if (fromEnvironment) return resolve(cargoRoot, fromEnvironment);
  for (const { file, text } of readCargoConfig(cargoRoot, env)) {
    const value = stringAt(tableAt(parseOrEmpty(text), 'build'), 'target-dir');
    // A path in a configuration file is relative to the folder that holds `.cargo`.
    if (value) return resolve(dirname(dirname(file)), value);
  }
  return join(cargoRoot, 'target');
}

function addWithIncludes(config: ConfigFile, found: Map<string, ConfigFile>): void {
  if (found.has(config.file)) return;
  found.set(config.file, config);
  for (const path of includesOf(parseOrEmpty(config.text))) {
    const included = readText(resolve(dirname(config.file), path));
    if (included) addWithIncludes(included, found);
  }
}

function includesOf(toml: TomlTable): string[] {
  const { include } = toml;
  const entries = Array.isArray(include) ? include : [include];
  return entries.flatMap((entry: unknown) => {
    if (typeof entry === 'string') return [entry];
    return isTable(entry) && typeof entry['path'] === 'string' ? [entry['path']] : [];
  });
}

function parseOrEmpty(text: string): TomlTable {
  try {
    return parseToml(text);
  } catch {
    return {};
  }
}

function readText(file: string): ConfigFile | undefined {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch {
    return undefined;
  }
}
