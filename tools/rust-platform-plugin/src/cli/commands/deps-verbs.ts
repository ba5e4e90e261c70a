import { depsStatus } from '../../engines/deps/deps-status';
import type { DepsStatus } from '../../engines/deps/deps-types';
import { stopDeps } from '../../engines/deps/stop-deps';
import { loadPlatformOptions } from '../../service-model/load-platform-options';
import { createContext } from '../cli-context';
import { formatServers } from '../format-servers';

export async function showDepsStatus(json: boolean): Promise<number> {
  const { workspaceRoot, write, width, colour } = createContext();
  const status = await depsStatus(workspaceRoot, await loadPlatformOptions(workspaceRoot));
  write(json ? `${JSON.stringify(byKind(status), null, 2)}\n` : formatServers(status, { width, colour }));
  return 0;
}

/** `{ checkout, workspaceRoot, postgres: { port, … }, redis: { … } }`: for scripts, without a search through a list. */
function byKind({ checkout, workspaceRoot, servers }: DepsStatus): Record<string, unknown> {
  return { checkout, workspaceRoot, ...Object.fromEntries(servers.map((server) => [server.kind, server])) };
}

export async function stopAllDeps(): Promise<number> {
  const { workspaceRoot, write, report } = createContext();
  const { stopped } = await stopDeps(workspaceRoot, await loadPlatformOptions(workspaceRoot), { report });
  write(stopped.length > 0 ? `stopped: ${stopped.join(', ')}\n` : 'nothing was running\n');
  return 0;
}
