import { parse, TomlError } from 'smol-toml';
import { isTable, stringAt, stringsAt, tableAt, type TomlTable } from '../manifest';
import { lockUnreadable, lockVersionUnknown, NEWEST_LOCK_VERSION } from './lock-errors';
import type { LockedPackage } from './locked-package';

/** Any Cargo.lock that is TOML: ten times slower than line by line, and what that is held against. */
export function parseTomlLock(text: string, file: string): LockedPackage[] {
  const toml = parsed(text, file);
  const version = toml['version'] ?? 1;
  if (typeof version !== 'number' || version > NEWEST_LOCK_VERSION) {
    throw lockVersionUnknown(file, 0, String(version));
  }
  const packages = toml['package'] ?? [];
  if (!Array.isArray(packages)) throw lockUnreadable(file, 0, 'it holds no list of packages');
  const root = isTable(toml['root']) ? [toml['root']] : [];
  return [...root, ...packages].map((entry: unknown) => packageOf(entry, tableAt(toml, 'metadata'), file));
}

function parsed(text: string, file: string): TomlTable {
  try {
    return parse(text) as TomlTable;
  } catch (error) {
    const line = error instanceof TomlError ? error.line : 0;
    const [what = ''] = String(error instanceof Error ? error.message : error).split('\n');
    throw lockUnreadable(file, line, what.replace('Invalid TOML document', 'it is no TOML'));
  }
}

function packageOf(entry: unknown, metadata: TomlTable, file: string): LockedPackage {
  const table = isTable(entry) ? entry : {};
  const name = stringAt(table, 'name');
  const version = stringAt(table, 'version');
  if (name === undefined || version === undefined) {
    throw lockUnreadable(file, 0, 'it holds a package without a name or a version');
  }
  const source = stringAt(table, 'source');
  return {
    name,
    version,
    source,
    checksum: stringAt(table, 'checksum') ?? stringAt(metadata, `checksum ${name} ${version} (${source})`),
    dependencies: stringsAt(table, 'dependencies'),
    replace: stringAt(table, 'replace'),
    line: 0,
  };
}
