import { join } from 'node:path';
import type { RunningService, ServiceSpec, StartOptions, SupervisorClient } from '../supervisor';

export interface StartServiceRequest extends StartOptions {
  client: SupervisorClient;
  workspaceRoot: string;
  /** Relative to the workspace root. */
  logsDirectory: string;
  runId: string;
  /** Nx project name. */
  project: string;
  purpose: ServiceSpec['purpose'];
  /** Absolute path of the checked binary. */
  command: string;
  args: string[];
  /** Absolute folder of the crate. */
  cwd: string;
  /** Complete. */
  env: Record<string, string>;
  host: string;
  port: number;
  /** Path of the health URL. */
  health: string;
  /** Seconds. */
  startTimeout: number;
  /** Seconds. */
  gracePeriod: number;
  /** Started for the test or bench of this other project. */
  neededBy?: string;
}

/**
 * Starts a built service under the supervisor of the checkout; it lives as long as the client does. Await `ready` of the
 * result: it is rejected when the service ends, does not answer in time, or listens elsewhere.
 */
export async function startService(request: StartServiceRequest): Promise<RunningService> {
  const { client, project, purpose, command, args, cwd, env, host, port, health, onLine } = request;
  return client.start(
    {
      name: request.neededBy === undefined ? project : `${project} (for ${request.neededBy})`,
      project,
      purpose,
      command,
      args,
      cwd,
      env,
      port,
      health: { host, path: health },
      startTimeoutMs: request.startTimeout * 1000,
      gracePeriodMs: request.gracePeriod * 1000,
      logFile: serviceLogFile(request),
    },
    { onLine },
  );
}

/** `logs/<project>/<purpose>-<run>.log`, absolute; `…-for-<other project>.log` when another project needed the service. */
export function serviceLogFile({
  workspaceRoot,
  logsDirectory,
  project,
  purpose,
  runId,
  neededBy,
}: Pick<
  StartServiceRequest,
  'workspaceRoot' | 'logsDirectory' | 'project' | 'purpose' | 'runId' | 'neededBy'
>): string {
  const reason = neededBy === undefined ? '' : `-for-${fileName(neededBy)}`;
  return join(workspaceRoot, logsDirectory, fileName(project), `${purpose}-${fileName(runId)}${reason}.log`);
}

/** Project names may hold `/` and `@`. */
function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^\.+/, '') || 'unnamed';
}
