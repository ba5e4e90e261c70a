import { depsStatus } from '../../engines/deps/deps-status';
import { stopDeps } from '../../engines/deps/stop-deps';
import { loadPlatformOptions } from '../../service-model/load-platform-options';
import { createContext } from '../cli-context';
import { depsJson } from '../deps-json';
import { formatServers } from '../format-servers';

export async function showDepsStatus(json: boolean): Promise<number> {
  const { workspaceRoot, write, width, colour } = createContext();
  const status = await depsStatus(workspaceRoot, await loadPlatformOptions(workspaceRoot));
  write(json ? `${JSON.stringify(depsJson(status), null, 2)}\n` : formatServers(status, { width, colour }));
  return 0;
}

export async function stopAllDeps(): Promise<number> {
  const { workspaceRoot, write, report } = createContext();
  const { stopped } = await stopDeps(workspaceRoot, await loadPlatformOptions(workspaceRoot), { report });
  write(stopped.length > 0 ? `stopped: ${stopped.join(', ')}\n` : 'nothing was running\n');
  return 0;
}
