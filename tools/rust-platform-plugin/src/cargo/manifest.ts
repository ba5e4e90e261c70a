import { dirname } from 'node:path';
import type { CargoProblem } from './cargo-workspace';

export type TomlTable = Record<string, unknown>;

/** A Cargo.toml as it stands on disk. */
export interface Manifest {
  /** Absolute. */
  file: string;
  folder: string;
  text: string;
  /** `undefined` when it is no TOML; `problem` says where. */
  toml: TomlTable | undefined;
  problem?: CargoProblem;
  /** Has a `[workspace]` table. Also known of an unreadable manifest, by its text. */
  isWorkspace: boolean;
}

/** Loaded only when something is parsed: mostly what was read before still holds. */
function library(): typeof import('smol-toml') {
  return require('smol-toml') as typeof import('smol-toml');
}

/** @throws TomlError of smol-toml. */
export function parseToml(text: string): TomlTable {
  return library().parse(text) as TomlTable;
}

export function parseManifest(file: string, text: string): Manifest {
  const base = { file, folder: dirname(file), text };
  try {
    const toml = parseToml(text);
    return { ...base, toml, isWorkspace: isTable(toml['workspace']) };
  } catch (error) {
    return {
      ...base,
      toml: undefined,
      problem: unreadable(file, error),
      isWorkspace: /^\s*\[workspace[\].]/m.test(text),
    };
  }
}

function unreadable(file: string, error: unknown): CargoProblem {
  const message = error instanceof Error ? error.message : String(error);
  const [what = '', ...excerpt] = message.split('\n');
  return {
    code: 'manifest-unreadable',
    file,
    line: error instanceof library().TomlError ? error.line : undefined,
    what: `is not valid TOML: ${what.replace(/^Invalid TOML document: /, '')}`,
    why: excerpt.join('\n').replace(/^\n+|\s+$/g, '') || undefined,
    fix: 'correct the line; every other crate was still read',
  };
}

export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The table at a path of keys, or an empty one. */
export function tableAt(value: unknown, ...keys: string[]): TomlTable {
  let current = value;
  for (const key of keys) current = isTable(current) ? current[key] : undefined;
  return isTable(current) ? current : {};
}

export function stringAt(table: TomlTable, key: string): string | undefined {
  const value = table[key];
  return typeof value === 'string' ? value : undefined;
}

export function booleanAt(table: TomlTable, key: string): boolean | undefined {
  const value = table[key];
  return typeof value === 'boolean' ? value : undefined;
}

export function stringsAt(table: TomlTable, key: string): string[] {
  const value = table[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** cargo accepts `dev_dependencies` for `dev-dependencies`, and so on, in editions before 2024. */
export function tableWithDashes(table: TomlTable, key: string): TomlTable {
  return tableAt(table, key in table ? key : key.replaceAll('-', '_'));
}
