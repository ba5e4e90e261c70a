import type { Report, ServerEndpoint } from '../endpoints';
import { migrate } from '../migrations/migrate';
import { pendingMigrations } from '../migrations/pending-migrations';
import { createServiceDatabase } from '../postgres/create-service-database';
import { serviceDatabaseUrl } from '../postgres/service-database-url';

export interface PreparedDatabase {
  /** With password: redact before printing. */
  url: string;
  notes: string[];
}

/**
 * The database that a served service works on. On a server that this checkout started it is created and migrated; on one
 * that was given nothing is changed, but pending migrations are named.
 */
export async function prepareDatabase(request: {
  endpoint: ServerEndpoint;
  /** Nx project name, and the name of the database. */
  project: string;
  /** Absolute folder. */
  migrations: string | undefined;
  report: Report;
  signal?: AbortSignal;
}): Promise<PreparedDatabase> {
  const { endpoint, project, migrations: folder, report, signal } = request;
  if (endpoint.provider === 'given') {
    const url = serviceDatabaseUrl(endpoint, project);
    return { url, notes: await pendingNotes(url, project, folder) };
  }
  const url = await createServiceDatabase(endpoint, project);
  if (folder === undefined) return { url, notes: [] };
  if (!endpoint.owned) return { url, notes: await pendingNotes(url, project, folder) };
  await migrate({ url, folder, report, allowRemote: false, signal });
  return { url, notes: [] };
}

async function pendingNotes(url: string, project: string, folder: string | undefined): Promise<string[]> {
  if (folder === undefined) return [];
  const { pending } = await pendingMigrations({ url, folder });
  if (pending.length === 0) return [];
  const what = pending.length === 1 ? '1 migration is' : `${pending.length} migrations are`;
  return [`${what} pending, and the server is not ours: rust-platform db-migrate ${project}`];
}
