import { parse } from 'smol-toml';
import type { ConfigFile } from './cargo-config';
import { isTable, tableAt, type TomlTable } from './manifest';

/** From where cargo takes the flags of rustc, and what they hold already. */
export interface FlagSource {
  /** Of CARGO_ENCODED_RUSTFLAGS or RUSTFLAGS, which hide everything below; even an empty one does. */
  given: string[] | undefined;
  /** CARGO_TARGET_<triple>_RUSTFLAGS that hold flags. */
  variables: Array<{ name: string; value: string }>;
  /** Keys of the configuration to which flags are to be added; `text` where the user has one text and no list. */
  keys: Array<{ key: string[]; text: string | undefined }>;
  /** Folders that the user's flags remap. */
  remapped: string[];
  /** The release profile has `trim-paths`: cargo remaps by itself. */
  trimsPaths: boolean;
  /** Every flag found, wherever, used or not. */
  all: string[];
}

interface Found {
  key: string[];
  value: unknown;
}

export function readRustflags(request: {
  env: NodeJS.ProcessEnv;
  configs: readonly ConfigFile[];
  manifest?: string;
}): FlagSource {
  const { env, configs, manifest } = request;
  const tables = configs.map(({ text }) => parseOrEmpty(text));
  const found = tables.flatMap(rustflagsIn);
  const variables = Object.entries(env).flatMap(([name, value]) =>
    /^CARGO_TARGET_.+_RUSTFLAGS$/.test(name) && value?.trim() ? [{ name, value }] : [],
  );
  const profiles = [...tables, parseOrEmpty(manifest ?? '')].map((table) => tableAt(table, 'profile'));
  const all = [
    ...(givenFlags(env) ?? []),
    ...[...variables.map(({ value }) => value), env['CARGO_BUILD_RUSTFLAGS'] ?? ''].flatMap(words),
    ...found.flatMap(({ value }) => flagsOf(value)),
    ...profiles.flatMap(profileFlags),
  ];
  return {
    given: givenFlags(env),
    variables,
    keys: keysOf(found),
    remapped: remappedFolders(all),
    trimsPaths: profiles.some(trims) || isOn(env['CARGO_PROFILE_RELEASE_TRIM_PATHS']),
    all,
  };
}

function givenFlags(env: NodeJS.ProcessEnv): string[] | undefined {
  const { CARGO_ENCODED_RUSTFLAGS: encoded, RUSTFLAGS: plain } = env;
  if (encoded !== undefined) return encoded === '' ? [] : encoded.split('\u001f');
  return plain === undefined ? undefined : words(plain);
}

/**
 * `build.rustflags` always: flags there count only when no `target.*` has any. And each `target.*` that has some, by the
 * user's own key, so that ours apply exactly where the user's do.
 */
function keysOf(found: Found[]): FlagSource['keys'] {
  const build = found.find(({ key }) => key[0] === 'build');
  const targets = new Map<string, Found>();
  for (const each of found) {
    const name = each.key[1] ?? '';
    if (each.key[0] === 'target' && flagsOf(each.value).length > 0 && !targets.has(name))
      targets.set(name, each);
  }
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return [
    { key: ['build', 'rustflags'], text: textOf(build?.value) },
    ...[...targets.values()].map(({ key, value }) => ({ key, text: textOf(value) })),
  ];
}

function rustflagsIn(config: TomlTable): Found[] {
  const targets = Object.entries(tableAt(config, 'target') ?? {});
  const tables: Array<[string[], unknown]> = [
    [['build'], config['build']],
    ...targets.map(([name, table]): [string[], unknown] => [['target', name], table]),
  ];
  return tables.flatMap(([path, table]) =>
    isTable(table) && table['rustflags'] !== undefined
      ? [{ key: [...path, 'rustflags'], value: table['rustflags'] }]
      : [],
  );
}

function profileFlags(profiles: TomlTable | undefined): string[] {
  return Object.values(profiles ?? {}).flatMap((profile) =>
    isTable(profile) ? flagsOf(profile['rustflags']) : [],
  );
}

function trims(profiles: TomlTable | undefined): boolean {
  return isOn(tableAt(profiles, 'release')?.['trim-paths']);
}

function isOn(value: unknown): boolean {
  return value !== undefined && value !== false && !['none', 'false', ''].includes(String(value));
}

function remappedFolders(flags: string[]): string[] {
  return flags.flatMap((flag, index) => {
    const pair =
      flag === '--remap-path-prefix' ? flags[index + 1] : /^--remap-path-prefix=(.*)$/.exec(flag)?.[1];
    const end = pair?.lastIndexOf('=') ?? -1;
    return pair !== undefined && end > 0 ? [pair.slice(0, end)] : [];
  });
}

function flagsOf(value: unknown): string[] {
  if (typeof value === 'string') return words(value);
  return Array.isArray(value) ? value.filter((flag): flag is string => typeof flag === 'string') : [];
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function parseOrEmpty(text: string): TomlTable {
  try {
    return parse(text) as TomlTable;
  } catch {
    return {};
  }
}
