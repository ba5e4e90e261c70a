import { EXIT, PlatformError } from '../../errors';
import { findFreePort, isPortFree } from '../../process/ports';
import { ancestorsOf, describeProcess, formatHolder, whoListens } from '../../process/process-facts';
import { listServices } from '../supervisor';

export interface ServePort {
  port: number;
  /** Why it is not the port that was asked for. */
  note: string | undefined;
}

export interface ServePortRequest {
  workspaceRoot: string;
  stateDirectory: string;
  project: string;
  /** Stable port of the service. */
  port: number;
}

const HOST = '127.0.0.1';

/**
 * The service's own port. A free one instead when a service of another checkout has it, which is said.
 * @throws PlatformError `already-served`, `port-collision`, `port-taken` (by a stranger: pid, command, fix)
 */
export async function chooseServePort(request: ServePortRequest): Promise<ServePort> {
  const { workspaceRoot, stateDirectory, project, port } = request;
  if (await isPortFree(port, HOST)) return { port, note: undefined };
  const services = await listServices(workspaceRoot, { stateDirectory });
  const ours = services.find((service) => service.port === port && service.state !== 'exited');
  if (ours)
    throw ours.project === project ? alreadyServed(project, ours.pid) : collision(request, ours.project);
  const pids = (await whoListens(port)).flatMap(({ pid }) => pid ?? []);
  const holder = await formatHolder(port);
  for (const pid of pids) {
    if (!(await isUnderSupervisor(pid))) continue;
    const free = await findFreePort(HOST);
    return { port: free, note: `port ${port} is taken by another checkout: ${holder}; using port ${free}` };
  }
  throw portTaken(request, holder, pids, await findFreePort(HOST));
}

/** Started by a supervisor of this tool, in whatever checkout. */
async function isUnderSupervisor(pid: number): Promise<boolean> {
  for (const ancestor of await ancestorsOf(pid)) {
    const command = (await describeProcess(ancestor))?.command ?? '';
    if (/[\\/]engines[\\/]supervisor[\\/][a-z-]+\.[jt]s/.test(command)) return true;
  }
  return false;
}

function alreadyServed(project: string, pid: number): PlatformError {
  return new PlatformError({
    code: 'already-served',
    what: `${project} is already served by this checkout (pid ${pid})`,
    fix: [
      `rust-platform services stop ${project}`,
      `or test the one that runs: rust-platform test-api ${project} --running`,
    ],
    exitCode: EXIT.preflight,
  });
}

function collision({ project, port }: ServePortRequest, other: string): PlatformError {
  return new PlatformError({
    code: 'port-collision',
    what: `${project} and ${other} want the same port ${port}, and ${other} runs`,
    fix: `give one of them another port in its Cargo.toml:\n[package.metadata.rust-platform]\nport = ${port + 1}`,
    exitCode: EXIT.preflight,
  });
}

function portTaken(
  { project, port }: ServePortRequest,
  holder: string,
  pids: number[],
  free: number,
): PlatformError {
  const other = `use another port: PORT=${free} rust-platform serve ${project}`;
  return new PlatformError({
    code: 'port-taken',
    what: `port ${port} of ${project} is taken: ${holder}`,
    fix: pids.length > 0 ? [`end that process: kill ${pids.join(' ')}`, other] : [other],
    exitCode: EXIT.preflight,
  });
}
