import type { Client } from 'pg';

export interface AppliedMigration {
  version: bigint;
  description: string;
  checksum: Buffer;
  success: boolean;
}

/** The statement of sqlx-postgres' `ensure_migrations_table`. */
export const CREATE_TABLE = `
CREATE TABLE IF NOT EXISTS _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
    success BOOLEAN NOT NULL,
    checksum BYTEA NOT NULL,
    execution_time BIGINT NOT NULL
);
                `;

export async function hasMigrationsTable(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('_sqlx_migrations') IS NOT NULL AS found`,
  );
  return rows[0]?.found === true;
}

export async function readAppliedMigrations(client: Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<{
    version: string;
    description: string;
    checksum: Buffer;
    success: boolean;
  }>(
    'SELECT version::text AS version, description, checksum, success FROM _sqlx_migrations ORDER BY 1::bigint',
  );
  return rows.map((row) => ({ ...row, version: BigInt(row.version) }));
}
