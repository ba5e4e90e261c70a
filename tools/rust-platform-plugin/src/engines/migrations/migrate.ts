import type { Client } from 'pg';
import { withNamedPostgres } from '../postgres/connect-postgres';
import { ensureDatabase } from '../postgres/create-service-database';
import { parsePostgresUrl } from '../postgres/postgres-url';
import { refuseRemoteHost } from '../deps/refuse-remote-host';
import type { Report } from '../endpoints';
import { applyMigration } from './apply-migration';
import { CREATE_TABLE, readAppliedMigrations } from './applied-migrations';
import { planMigrations } from './plan-migrations';
import { releaseMigrationLock, takeMigrationLock } from './migration-lock';
import { readMigrations } from './read-migrations';
import { refuseSqlxConfig } from './sqlx-config';

export interface MigrateRequest {
  /** To the service's own database, which is created if missing. */
  url: string;
  /** Absolute folder of `<version>_<description>.sql` files. */
  folder: string;
  report: Report;
  /** Accept a server on another host. */
  allowRemote: boolean;
  signal?: AbortSignal;
}

export interface MigrateResult {
  /** `version`: decimal text, since it has 64 bits. `ms`: duration in milliseconds. */
  applied: Array<{ version: string; description: string; ms: number }>;
  alreadyApplied: number;
}

/**
 * Applies what is pending, as `sqlx::migrate!` would: same table, checksums and advisory lock, so that the service's own
 * migrator finds nothing to do. Everything is judged before anything is applied; each file is one transaction with its
 * bookkeeping row. Throws `remote-refused`, `migration-name|encoding|duplicate|edited|missing|out-of-order|dirty|failed`.
 */
export async function migrate(request: MigrateRequest): Promise<MigrateResult> {
  const { url, folder, report, signal } = request;
  refuseRemoteHost({ ...parsePostgresUrl(url), variable: 'DATABASE_URL', allowRemote: request.allowRemote });
  await refuseSqlxConfig(folder);
  const { migrations, ignored } = await readMigrations(folder);
  for (const name of ignored)
    report(`${name} is not applied: its name has no <version>_ prefix (sqlx ignores it too)`);
  if (await ensureDatabase(url)) report(`database '${parsePostgresUrl(url).database}' created`);
  return withNamedPostgres(
    url,
    async (client) => {
      await takeMigrationLock(client, report, signal);
      const result = await applyPending(client, migrations, request);
      await releaseMigrationLock(client);
      return result;
    },
    { signal, applicationName: 'rust-platform db-migrate' },
  );
}

async function applyPending(
  client: Client,
  migrations: Parameters<typeof planMigrations>[0],
  { report, signal }: MigrateRequest,
): Promise<MigrateResult> {
  await client.query(CREATE_TABLE);
  const plan = planMigrations(migrations, await readAppliedMigrations(client));
  const applied: MigrateResult['applied'] = [];
  for (const migration of plan.pending) {
    signal?.throwIfAborted();
    const ms = await applyMigration(client, migration);
    applied.push({ version: migration.version.toString(), description: migration.description, ms });
    report(`applied ${migration.version} ${migration.description} (${Math.round(ms)} ms)`);
  }
  return { applied, alreadyApplied: plan.alreadyApplied };
}
