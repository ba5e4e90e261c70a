import { join } from 'node:path';
import { ensureDeps } from '../../engines/deps/ensure-deps';
import type { DepsEndpoints } from '../../engines/endpoints';
import { chooseServePort } from '../../engines/service-run/choose-serve-port';
import { prepareDatabase } from '../../engines/service-run/prepare-database';
import { readServiceBinary } from '../../engines/service-run/service-binary';
import type { StartServiceRequest } from '../../engines/service-run/start-service';
import { readDotenv, shellEnvironment } from '../../service-model/read-dotenv';
import { configuredPort, serviceEnvironment } from '../../service-model/service-environment';
import type { TaskContext } from '../run-executor';
import {
  refuseComposeNeeds,
  serverNeeds,
  serviceCrate,
  type ServiceCrate,
} from '../service-stack/start-order';
import { withoutPort } from '../service-stack/without-port';
import { findNeededServices } from './needed-services';

const HOST = '127.0.0.1';

export interface PreparedServe {
  request: Omit<StartServiceRequest, 'client'>;
  notes: string[];
}

/** Checks build and port first, when nothing has been started yet; then the servers and the database. */
export async function prepareServe(task: TaskContext): Promise<PreparedServe> {
  const { workspaceRoot, options, model, project, run } = task;
  const crate = serviceCrate(model, task.crate.project);
  const { service } = crate;
  refuseComposeNeeds(crate);
  const { command } = await readServiceBinary(workspaceRoot, options.distDirectory, {
    project,
    binary: service.binary,
  });
  const dotenv = await readDotenv(workspaceRoot, crate.root);
  const shellEnv = await shellEnvironment(workspaceRoot, crate.root);
  const wanted = configuredPort({ service, shellEnv, dotenv });
  const chosen = await chooseServePort({ ...options, workspaceRoot, project: crate.project, port: wanted });
  const needed = await findNeededServices(task, crate, shellEnv);
  const servers = await prepareServers(task, crate);
  const env = serviceEnvironment({
    service,
    host: HOST,
    port: chosen.port,
    postgresUrl: servers.postgresUrl,
    redisUrl: servers.endpoints.redis?.url,
    serviceUrls: needed.urls,
    composeUrls: {},
    shellEnv: settled(shellEnv, servers.postgresUrl),
    dotenv: {
      service: settled(dotenv.service, servers.postgresUrl),
      workspace: settled(dotenv.workspace, servers.postgresUrl),
    },
    mode: 'serve',
  });
  return {
    request: {
      ...service,
      workspaceRoot,
      logsDirectory: options.logsDirectory,
      runId: run.runId,
      project: crate.project,
      purpose: 'serve',
      command,
      cwd: join(workspaceRoot, crate.root),
      env,
      host: HOST,
      port: chosen.port,
    },
    notes: [...(chosen.note ? [chosen.note] : []), ...needed.notes, ...servers.notes],
  };
}

/**
 * The port was chosen with these variables in mind and may have been moved since; a DATABASE_URL that names only the server
 * became the one of the service's own database, as for db-migrate.
 */
function settled<Env extends Record<string, string | undefined>>(
  env: Env,
  postgresUrl: string | undefined,
): Env {
  const { DATABASE_URL } = env;
  const rest = withoutPort(env);
  return DATABASE_URL === undefined || postgresUrl === undefined
    ? rest
    : { ...rest, DATABASE_URL: postgresUrl };
}

interface PreparedServers {
  endpoints: DepsEndpoints;
  postgresUrl: string | undefined;
  notes: string[];
}

async function prepareServers(
  task: TaskContext,
  { project, service }: ServiceCrate,
): Promise<PreparedServers> {
  const needs = serverNeeds([service]);
  if (needs.length === 0) return { endpoints: {}, postgresUrl: undefined, notes: [] };
  const { workspaceRoot, options, report, signal, run } = task;
  const lifetime = { kind: 'run' as const, holder: run.holder };
  // Serving changes nothing on a server by itself, so one on another machine may be used.
  const request = {
    workspaceRoot,
    options,
    needs,
    lifetime,
    env: process.env,
    allowRemote: true,
    report,
    signal,
  };
  const endpoints = await ensureDeps(request);
  if (!endpoints.postgres) return { endpoints, postgresUrl: undefined, notes: [] };
  const migrations = service.migrations === undefined ? undefined : join(workspaceRoot, service.migrations);
  const { url, notes } = await prepareDatabase({
    endpoint: endpoints.postgres,
    project,
    migrations,
    report,
    signal,
  });
  return { endpoints, postgresUrl: url, notes };
}
