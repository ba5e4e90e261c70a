import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { ensureDeps } from '../../engines/deps/ensure-deps';
import type { ServerEndpoint } from '../../engines/endpoints';
import { migrate, type MigrateResult } from '../../engines/migrations/migrate';
import { serviceDatabaseUrl } from '../../engines/postgres/service-database-url';
import { parsePostgresUrl } from '../../engines/postgres/postgres-url';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import { allowsRemote, refuseRemoteServers } from '../service-stack/refuse-remote-servers';
import { serviceCrate } from '../service-stack/start-order';
import schema from './schema.json';

export interface DbMigrateOptions {
  allowRemote?: boolean;
}

/** `db-migrate`: the migrations of one service, into the table that sqlx itself uses. */
export default async function dbMigrate(
  options: DbMigrateOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const work = (task: TaskContext): Promise<Outcome> => migrateTask(task, options);
  return runTask({ context, target: 'db-migrate', options, schema, needsCargo: false, work });
}

async function migrateTask(task: TaskContext, options: DbMigrateOptions): Promise<Outcome> {
  const { service, project } = serviceCrate(task.model, task.crate.project);
  if (service.migrations === undefined)
    return { status: 'skipped', headline: `${project} has no migrations` };
  const allowRemote = allowsRemote(options.allowRemote, process.env);
  refuseRemoteServers(['postgres'], process.env, allowRemote);
  const { postgres } = await ensureDeps({
    ...task,
    needs: ['postgres'],
    lifetime: { kind: 'run', holder: task.run.holder },
    env: process.env,
    allowRemote,
  });
  const url = serviceDatabaseUrl(postgres as ServerEndpoint, task.project);
  const folder = join(task.workspaceRoot, service.migrations);
  const result = await migrate({ url, folder, report: task.report, allowRemote, signal: task.signal });
  return { status: 'passed', headline: headline(result, url), data: result };
}

function headline({ applied, alreadyApplied }: MigrateResult, url: string): string {
  const { database, host, port } = parsePostgresUrl(url);
  return `${applied.length} applied, ${alreadyApplied} already there: database ${database} on ${host}:${port}`;
}
