import type { Client } from 'pg';
import { migrationFailed } from './migration-failed';
import type { MigrationFile } from './read-migrations';

/** Runs one file and records it as sqlx does; resolves with the milliseconds it took. */
export async function applyMigration(client: Client, migration: MigrationFile): Promise<number> {
  const started = process.hrtime.bigint();
  if (migration.transactional) await inTransaction(client, () => runAndRecord(client, migration));
  else await runAndRecord(client, migration);
  const elapsed = process.hrtime.bigint() - started;
  // Outside the transaction, as in sqlx: the figure covers the commit, and losing it does no harm.
  await client.query('UPDATE _sqlx_migrations SET execution_time = $1 WHERE version = $2', [
    elapsed.toString(),
    migration.version.toString(),
  ]);
  return Number(elapsed) / 1e6;
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function runAndRecord(client: Client, migration: MigrationFile): Promise<void> {
  try {
    // One simple query with the whole text, as sqlx sends it: positions in errors are positions in the file.
    await client.query(migration.sql);
  } catch (error) {
    throw migrationFailed(migration, error);
  }
  await client.query(
    `INSERT INTO _sqlx_migrations ( version, description, success, checksum, execution_time )
    VALUES ( $1, $2, TRUE, $3, -1 )`,
    [migration.version.toString(), migration.description, migration.checksum],
  );
}
