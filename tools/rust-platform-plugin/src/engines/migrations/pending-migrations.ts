import { PG, pgCodeOf, unreachable, withPostgres } from '../postgres/connect-postgres';
import { hasMigrationsTable, readAppliedMigrations, type AppliedMigration } from './applied-migrations';
import { planMigrations } from './plan-migrations';
import { readMigrations } from './read-migrations';

export interface PendingMigrations {
  /** The database or its bookkeeping table does not exist yet. */
  fresh: boolean;
  /** `version`: decimal text, since it has 64 bits. */
  applied: Array<{ version: string; description: string }>;
  pending: Array<{ version: string; description: string; file: string }>;
}

/** What `migrate` would apply, with the errors it would throw; writes nothing, creates nothing. */
export async function pendingMigrations(request: {
  url: string;
  folder: string;
}): Promise<PendingMigrations> {
  const { migrations } = await readMigrations(request.folder);
  const rows = await appliedIn(request.url);
  const { pending } = planMigrations(migrations, rows ?? []);
  return {
    fresh: rows === undefined,
    applied: (rows ?? []).map(({ version, description }) => ({ version: version.toString(), description })),
    pending: pending.map(({ version, description, file }) => ({
      version: version.toString(),
      description,
      file,
    })),
  };
}

async function appliedIn(url: string): Promise<AppliedMigration[] | undefined> {
  try {
    return await withPostgres(url, async (client) =>
      (await hasMigrationsTable(client)) ? readAppliedMigrations(client) : undefined,
    );
  } catch (error) {
    if (pgCodeOf(error) === PG.invalidCatalogName) return undefined;
    throw unreachable(url, error);
  }
}
