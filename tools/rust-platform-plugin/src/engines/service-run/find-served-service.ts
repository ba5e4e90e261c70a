import { EXIT, PlatformError } from '../../errors';
import { descendantsOf, whoListens } from '../../process/process-facts';
import { isAlive } from '../../process/process-identity';
import { listServices, type ServiceState } from '../supervisor';

export interface ServedService {
  baseUrl: string;
  port: number;
  pid: number;
}

const HOST = '127.0.0.1';

/**
 * The running server of a project that `serve` or `serve-dev` of this checkout started, proven: its process is the one
 * that was started, and this process or a child of it owns the listening socket.
 * @throws PlatformError `not-served`, `not-ready`, `wrong-listener`
 */
export async function findServedService(
  workspaceRoot: string,
  stateDirectory: string,
  project: string,
): Promise<ServedService> {
  const services = await listServices(workspaceRoot, { stateDirectory });
  const served = services.filter((service) => service.project === project && service.purpose === 'serve');
  const running = [];
  for (const service of served) {
    if (service.state !== 'exited' && (await isAlive(service.identity))) running.push(service);
  }
  const ready = running.find(({ state }) => state === 'ready');
  if (!ready) throw running[0] ? notReady(running[0]) : notServed(project, services);
  await assertListener(ready);
  return { baseUrl: `http://${HOST}:${ready.port}`, port: ready.port, pid: ready.pid };
}

async function assertListener({ project, pid, port }: ServiceState): Promise<void> {
  const family = new Set([pid, ...(await descendantsOf(pid))]);
  const listeners = await whoListens(port);
  if (listeners.some((listener) => listener.pid !== undefined && family.has(listener.pid))) return;
  const others = listeners.map((listener) => listener.pid ?? 'of another user').join(', ');
  throw new PlatformError({
    code: 'wrong-listener',
    what: `the server of ${project} (pid ${pid}) does not own its port ${port}`,
    why: others ? `the port is open in process ${others}` : 'nothing listens there',
    fix: `restart it: rust-platform serve ${project}`,
  });
}

function notServed(project: string, services: ServiceState[]): PlatformError {
  const others = services.filter(({ purpose }) => purpose === 'serve').map((service) => service.project);
  return new PlatformError({
    code: 'not-served',
    what: `no server of ${project} runs in this checkout`,
    why: others.length > 0 ? `served are: ${[...new Set(others)].join(', ')}` : undefined,
    fix: [`rust-platform serve ${project}`, 'or name a server: --url=http://127.0.0.1:8080'],
    exitCode: EXIT.preflight,
  });
}

function notReady({ project, pid, state }: ServiceState): PlatformError {
  return new PlatformError({
    code: 'not-ready',
    what: `the server of ${project} (pid ${pid}) is not ready: ${state}`,
    fix: `wait for it, or look at its log: rust-platform logs ${project}`,
    exitCode: EXIT.preflight,
  });
}
