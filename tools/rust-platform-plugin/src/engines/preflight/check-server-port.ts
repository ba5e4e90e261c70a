import { EXIT, PlatformError } from '../../errors';
import { isPortFree } from '../../process/ports';
import { formatHolder } from '../../process/process-facts';
import { depsStatus } from '../deps/deps-status';
import type { ServerKind } from '../deps/deps-types';
import { readPortEntry } from '../deps/port-registry';
import type { CheckResult, PreflightRequest } from './preflight-types';

/**
 * The port of a server that the plan would start: free, ours, or another checkout's, and then this one gets its own.
 * Containers are left to the Docker engine, which is asked when the server is started.
 */
export async function checkServerPort(
  { workspaceRoot, options }: PreflightRequest,
  { kind, required, port }: { kind: ServerKind; required: boolean; port: number },
): Promise<CheckResult[]> {
  const { servers } = await depsStatus(workspaceRoot, options);
  const isOurs = servers.some((server) => server.kind === kind && server.state === 'running');
  if (isOurs || (await isPortFree(port)) || (await readPortEntry(port)) !== undefined) return [];
  const holder = await formatHolder(port);
  if (/docker|containerd/.test(holder)) return [];
  const name = `port ${port}`;
  const what = `Port ${port}, where ${kind} is to run, is taken by ${holder}`;
  if (!required) return [{ name, state: 'note', detail: `${what}; results from the cache need none` }];
  const error = new PlatformError({
    code: 'port-taken',
    what,
    fix: ['end that process', `or set "${kind}Port" in the options of rust-platform-plugin in nx.json`],
    exitCode: EXIT.preflight,
  });
  return [{ name, state: 'problem', detail: what, error }];
}
