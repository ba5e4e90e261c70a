import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { cargoHome, type ConfigFile } from './cargo-config';
import { readRustflags, type FlagSource } from './rustflags';

export interface RemapRequest {
  /** Absolute, all three; `targetDirectory` as cargo says it. */
  workspaceRoot: string;
  cargoRoot: string;
  targetDirectory: string;
  env: NodeJS.ProcessEnv;
  /** What cargo merges in `cargoRoot`, strongest first (`readCargoConfig`). */
  configs: readonly ConfigFile[];
  /** Text of the Cargo.toml in `cargoRoot`. */
  manifest?: string;
}

export interface RemappedPaths {
  /** For cargo, behind the subcommand. They hold paths of this machine: no report or record may repeat them. */
  args: string[];
  env: Record<string, string>;
  /** Why paths of this machine stay in what is compiled, one sentence each: such results depend on the place. */
  unmapped: string[];
}

interface Mapping {
  from: string;
  to: string;
}

/**
 * What makes cargo leave the folders of this machine out of what it compiles: `--remap-path-prefix` for the workspace, the
 * target directory, CARGO_HOME and the toolchains, beside the user's own flags. cargo takes flags from the first of
 * CARGO_ENCODED_RUSTFLAGS, RUSTFLAGS, `target.*.rustflags` and `build.rustflags`, so ours go where the user's are: none of
 * them is replaced. cargo keeps ours out of `-C metadata`, so that two folders give the same bytes, and apart from what
 * `cargo build --release` leaves in the target directory, so that neither rebuilds what the other made (measured, 1.95 and
 * 1.97).
 */
export function remapPaths(request: RemapRequest): RemappedPaths {
  const source = readRustflags(request);
  // cargo does it itself then.
  if (source.trimsPaths) return { args: [], env: {}, unmapped: [] };
  const all = mappings(request);
  const flags = flagsFor(all);
  // Ours come first: rustc obeys the last that matches, and the user's are to win.
  if (source.given) {
    const env = { CARGO_ENCODED_RUSTFLAGS: [...flags, ...source.given].join('\u001f') };
    return { args: [], env, unmapped: [] };
  }
  return intoConfiguration(source, all, request);
}

function intoConfiguration(source: FlagSource, all: Mapping[], request: RemapRequest): RemappedPaths {
  const flags = flagsFor(all);
  const result: RemappedPaths = { args: [], env: {}, unmapped: [] };
  const hasSpaces = flags.some((flag) => /\s/.test(flag));
  const oneText = (name: string) => `${name} is one text, which cannot name a folder with a space`;
  for (const { name, value } of source.variables) {
    if (hasSpaces) result.unmapped.push(oneText(name));
    else result.env[name] = [...flags, value].join(' ');
  }
  for (const { key, text } of source.keys) {
    const name = key.map((part) => (/^[\w-]+$/.test(part) ? part : JSON.stringify(part))).join('.');
    if (text === undefined) result.args.push('--config', `${name}=${JSON.stringify(listFlags(source, all))}`);
    else if (hasSpaces) result.unmapped.push(oneText(name));
    else result.args.push('--config', `${name}=${JSON.stringify([...flags, text].join(' '))}`);
  }
  if (source.keys.some(({ text }) => text === undefined)) {
    result.unmapped.push(...partlyRemapped(source, all, request));
  }
  return result;
}

/** A list on the command line comes behind the user's list: what would win over a mapping of the user's is left out. */
function listFlags({ remapped }: FlagSource, all: Mapping[]): string[] {
  return flagsFor(
    all.filter(({ from }) => !remapped.some((user) => isWithin(from, user) || isWithin(user, from))),
  );
}

function partlyRemapped({ remapped }: FlagSource, all: Mapping[], { workspaceRoot }: RemapRequest): string[] {
  const parts = remapped.filter((user) => all.some(({ from }) => user !== from && isWithin(user, from)));
  return parts.map((user) => {
    const folder = isWithin(user, workspaceRoot) ? relative(workspaceRoot, user) : 'a folder outside';
    return `the configured rustflags remap only a part of it (${folder})`;
  });
}

function flagsFor(all: Mapping[]): string[] {
  return all.map(({ from, to }) => `--remap-path-prefix=${from}=${to}`);
}

/** What lies inside another comes behind it. Names as cargo's own `trim-paths` gives them: `.` for the workspace. */
function mappings({ workspaceRoot, cargoRoot, targetDirectory, env }: RemapRequest): Mapping[] {
  const isElsewhere = targetDirectory !== join(cargoRoot, 'target') || !isWithin(cargoRoot, workspaceRoot);
  const wanted = [
    { from: workspaceRoot, to: '.' },
    isElsewhere && { from: targetDirectory, to: `./${join(relative(workspaceRoot, cargoRoot), 'target')}` },
    { from: resolve(cargoRoot, cargoHome(env)), to: '/cargo' },
    {
      from: resolve(cargoRoot, env['RUSTUP_HOME'] ?? join(env['HOME'] ?? homedir(), '.rustup')),
      to: '/rustup',
    },
  ];
  const all = new Map<string, string>();
  for (const { from, to } of wanted.filter((mapping) => mapping !== false)) {
    for (const path of [from, realPath(from)]) if (path !== sep && !all.has(path)) all.set(path, to);
  }
  return [...all].map(([from, to]) => ({ from, to })).sort((a, b) => a.from.length - b.from.length);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
