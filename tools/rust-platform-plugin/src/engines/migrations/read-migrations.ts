import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, PlatformError } from '../../errors';
import { messageOf } from '../message-of';

export interface MigrationFile {
  version: bigint;
  description: string;
  kind: 'simple' | 'up' | 'down';
  /** Absolute path. */
  file: string;
  sql: string;
  /** SHA-384 of the file's bytes, as sqlx stores it. */
  checksum: Buffer;
  /** False when the file starts with `-- no-transaction`. */
  transactional: boolean;
}

export interface MigrationFolder {
  /** Sorted by version; down files come after their up file. */
  migrations: MigrationFile[];
  /** `.sql` files that sqlx passes over without a word, since their name has no `_`. */
  ignored: string[];
}

const SUFFIX = { simple: '.sql', up: '.up.sql', down: '.down.sql' } as const;
const KIND_ORDER = { simple: 0, up: 1, down: 2 } as const;
const I64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** Reads a folder by sqlx's own rules (`sqlx-core/src/migrate/source.rs`), so that both see the same migrations. */
export async function readMigrations(folder: string): Promise<MigrationFolder> {
  const result: MigrationFolder = { migrations: [], ignored: [] };
  for (const name of await listFolder(folder)) {
    const file = join(folder, name);
    if (!(await stat(file)).isFile() || !name.endsWith('.sql')) continue;
    if (name.includes('_')) result.migrations.push(await readMigration(file, name));
    else result.ignored.push(name);
  }
  result.migrations.sort(byVersion);
  assertUnique(result.migrations);
  return result;
}

async function readMigration(file: string, name: string): Promise<MigrationFile> {
  const split = name.indexOf('_');
  const rest = name.slice(split + 1);
  const kind = rest.endsWith(SUFFIX.up) ? 'up' : rest.endsWith(SUFFIX.down) ? 'down' : 'simple';
  const bytes = await readFile(file);
  const sql = decode(file, bytes);
  return {
    version: parseVersion(file, name.slice(0, split)),
    description: trimEndMatches(rest, SUFFIX[kind]).replaceAll('_', ' '),
    kind,
    file,
    sql,
    checksum: createHash('sha384').update(bytes).digest(),
    transactional: !sql.startsWith('-- no-transaction'),
  };
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new PlatformError({
      code: 'migrations-missing',
      what: `the migrations folder ${folder} cannot be read`,
      why: messageOf(error),
      fix: `mkdir -p ${folder}`,
      exitCode: EXIT.usage,
      cause: error,
    });
  }
}

/** Rust's `str::parse::<i64>`: an optional sign and digits, within 64 bits. */
function parseVersion(file: string, text: string): bigint {
  const version = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  if (version !== undefined && version >= I64.min && version <= I64.max) return version;
  throw new PlatformError({
    code: 'migration-name',
    what: `${file} does not start with a version`,
    why: `'${text}' is no 64-bit integer; sqlx refuses the whole folder because of it`,
    fix: `rename it to <version>_<what_it_does>.sql, e.g. ${timestamp()}_what_it_does.sql`,
    exitCode: EXIT.usage,
  });
}

function decode(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new PlatformError({
      code: 'migration-encoding',
      what: `${file} is not UTF-8`,
      fix: `iconv -f LATIN1 -t UTF-8 ${file} > ${file}.utf8 && mv ${file}.utf8 ${file}`,
      exitCode: EXIT.usage,
      cause: error,
    });
  }
}

/** sqlx would run both and fail at the second one's bookkeeping row, after its SQL. */
function assertUnique(migrations: readonly MigrationFile[]): void {
  const seen = new Map<string, string>();
  for (const { version, kind, file } of migrations) {
    const key = `${version}${kind === 'down' ? ' down' : ''}`;
    const other = seen.get(key);
    if (other !== undefined) {
      throw new PlatformError({
        code: 'migration-duplicate',
        what: `two migrations have version ${version}: ${other} and ${file}`,
        fix: `give the newer one a later version: mv ${file} …/${timestamp()}_….sql`,
        exitCode: EXIT.usage,
      });
    }
    seen.set(key, file);
  }
}

function byVersion(a: MigrationFile, b: MigrationFile): number {
  if (a.version !== b.version) return a.version < b.version ? -1 : 1;
  return KIND_ORDER[a.kind] - KIND_ORDER[b.kind];
}

/** Rust's `trim_end_matches`: as often as it occurs. */
function trimEndMatches(text: string, suffix: string): string {
  return text.endsWith(suffix) ? trimEndMatches(text.slice(0, -suffix.length), suffix) : text;
}

function timestamp(): string {
  return new Date().toISOString().replace(/\D/g, '').slice(0, 14);
}
