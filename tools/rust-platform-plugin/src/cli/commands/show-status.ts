import { depsStatus } from '../../engines/deps/deps-status';
import type { DepsStatus } from '../../engines/deps/deps-types';
import { listServices, type ServiceState } from '../../engines/supervisor';
import { readLastRun } from '../../results/last-run';
import type { RunRecord } from '../../results/run-record';
import { loadPlatformOptions } from '../../service-model/load-platform-options';
import { createContext } from '../cli-context';
import { depsJson } from '../deps-json';
import { formatStatus } from '../format-status';

export interface PlatformStatus {
  services: ServiceState[];
  deps: DepsStatus;
  /** The last run that Nx finished here, whoever started it. */
  lastRun: RunRecord | undefined;
}

export async function showStatus(json: boolean): Promise<number> {
  const { workspaceRoot, write, width, colour } = createContext();
  const options = await loadPlatformOptions(workspaceRoot);
  const { stateDirectory } = options;
  const [services, deps, lastRun] = await Promise.all([
    listServices(workspaceRoot, { stateDirectory }),
    depsStatus(workspaceRoot, options),
    readLastRun(workspaceRoot, stateDirectory),
  ]);
  const status: PlatformStatus = { services, deps, lastRun };
  write(
    json
      ? `${JSON.stringify({ ...status, deps: depsJson(deps) }, null, 2)}\n`
      : formatStatus(status, { width, colour }),
  );
  return 0;
}
