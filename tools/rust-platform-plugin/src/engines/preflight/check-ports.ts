import { EXIT, PlatformError } from '../../errors';
import { isPortFree } from '../../process/ports';
import { formatHolder } from '../../process/process-facts';
import { listServices } from '../supervisor';
import type { CheckResult, PreflightRequest } from './preflight-types';

/** The ports of services that are to be served: free, or held by this checkout's own server, which Nx then shares. */
export async function checkPorts({
  ports,
  workspaceRoot,
  options,
}: PreflightRequest): Promise<CheckResult[]> {
  if (ports.length === 0) return [];
  const { stateDirectory } = options;
  const ours = (await listServices(workspaceRoot, { stateDirectory })).filter(
    ({ state }) => state !== 'exited',
  );
  return Promise.all(
    ports.map(async ({ port, service }): Promise<CheckResult> => {
      const name = `port ${port}`;
      const own = ours.find((running) => running.port === port);
      if (own)
        return { name, state: 'ok', detail: `${own.project} of this checkout runs there (pid ${own.pid})` };
      return (await isPortFree(port))
        ? { name, state: 'ok', detail: `free for ${service}` }
        : taken(port, service);
    }),
  );
}

async function taken(port: number, service: string): Promise<CheckResult> {
  const error = new PlatformError({
    code: 'port-taken',
    what: `Port ${port} of ${service} is taken by ${await formatHolder(port)}`,
    fix: [
      'end that process',
      `or give ${service} another port in its Cargo.toml: [package.metadata.rust-platform] port = …`,
    ],
    exitCode: EXIT.preflight,
  });
  return { name: `port ${port}`, state: 'problem', detail: error.what, error };
}
