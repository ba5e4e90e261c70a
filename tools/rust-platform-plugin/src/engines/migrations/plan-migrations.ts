import { PlatformError } from '../../errors';
import type { AppliedMigration } from './applied-migrations';
import type { MigrationFile } from './read-migrations';

export interface MigrationPlan {
  pending: MigrationFile[];
  alreadyApplied: number;
}

const START_OVER =
  'or, if its data may go, drop the database and run db-migrate again: DROP DATABASE "<service>";';

/** Compares files and bookkeeping table; pure. Throws before anything is applied, so that nothing is half done. */
export function planMigrations(
  migrations: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): MigrationPlan {
  const ups = migrations.filter(({ kind }) => kind !== 'down');
  const files = new Map(ups.map((migration) => [migration.version, migration]));
  const rows = new Map(applied.map((row) => [row.version, row]));
  for (const row of applied) assertUnchanged(row, files.get(row.version));
  const pending = ups.filter(({ version }) => !rows.has(version));
  const newest = applied.reduce<bigint | undefined>(
    (max, { version }) => (max === undefined || version > max ? version : max),
    undefined,
  );
  const late = pending.find(({ version }) => newest !== undefined && version < newest);
  if (late && newest !== undefined) throw outOfOrder(late, newest);
  return { pending, alreadyApplied: applied.length };
}

function assertUnchanged(row: AppliedMigration, file: MigrationFile | undefined): void {
  if (!row.success) throw dirty(row);
  if (!file) throw missing(row);
  if (!file.checksum.equals(row.checksum)) throw edited(row, file);
}

function dirty({ version, description }: AppliedMigration): PlatformError {
  return new PlatformError({
    code: 'migration-dirty',
    what: `migration ${version} (${description}) is recorded as only partly applied`,
    why: 'success is false in _sqlx_migrations; sqlx refuses to go on as well',
    fix: [
      'repair the schema by hand, then mark it as done: ' +
        `UPDATE _sqlx_migrations SET success = true WHERE version = ${version};`,
      `or undo what it did, then forget it: DELETE FROM _sqlx_migrations WHERE version = ${version};`,
    ],
  });
}

function missing({ version, description }: AppliedMigration): PlatformError {
  return new PlatformError({
    code: 'migration-missing',
    what: `migration ${version} (${description}) was applied, but its file is gone`,
    why: 'the service would refuse to start: sqlx checks the same',
    fix: [`bring it back: git log --all --diff-filter=D --name-only -- '*${version}_*.sql'`, START_OVER],
  });
}

function edited({ version }: AppliedMigration, { file }: MigrationFile): PlatformError {
  return new PlatformError({
    code: 'migration-edited',
    what: `migration ${version} was changed after it was applied: ${file}`,
    why: 'its SHA-384 differs from the one in _sqlx_migrations; an applied migration is never run again',
    fix: [
      `undo the change (git log -p -- ${file}) and write a new migration for what it was to do`,
      START_OVER,
    ],
  });
}

function outOfOrder({ version, file }: MigrationFile, newest: bigint): PlatformError {
  return new PlatformError({
    code: 'migration-out-of-order',
    what: `migration ${version} is older than ${newest}, which is applied already`,
    why: 'other databases would run the two in another order and could end with another schema',
    fix: `give it a version after ${newest}: git mv ${file} <new version>_<same name>.sql`,
  });
}
