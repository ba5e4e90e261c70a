import { EXIT, PlatformError } from '../../errors';
import { findFreePort, isPortFree } from '../../process/ports';
import { describeProcess, formatHolder, whoListens } from '../../process/process-facts';
import { ownIdentity } from '../../process/process-identity';
import { findContainersOnPort, type ContainerFacts } from '../docker/containers';
import { findDockerEngine } from '../docker/find-docker-engine';
import type { Report } from '../endpoints';
import { acquireLock } from '../locks';
import type { Checkout } from './checkout-identity';
import { DEPS_HOST } from './deps-state';
import type { ServerKind } from './deps-types';
import { endOrphan } from './end-orphan';
import { readPortEntry, writePortEntry } from './port-registry';
import { SERVER_NAME, URL_VARIABLE } from './server-names';

export interface PortRequest {
  kind: ServerKind;
  preferred: number;
  checkout: Checkout;
  /** Container of this checkout that may keep the port it has. */
  ownContainer?: string;
  env: NodeJS.ProcessEnv;
  report: Report;
  signal?: AbortSignal;
}

/** How far above the preferred port a free one is looked for, so that it stays easy to recognise. */
const NEIGHBOURS = 50;

/**
 * Reserves a port for a server that is about to start. Another checkout's server on the preferred one: a free port.
 * A stranger: `port-taken` with pid, command, user and fix. All checkouts of this user go through one lock.
 */
export async function choosePort(request: PortRequest): Promise<number> {
  const { kind, checkout, report, preferred, signal } = request;
  const lock = await acquireLock({ name: 'ports', mode: 'exclusive', purpose: `port of ${kind}`, signal });
  try {
    const other = await otherCheckoutOn(request);
    const port = other === undefined ? preferred : await freePortNear(preferred);
    if (other !== undefined) {
      report(
        `${SERVER_NAME[kind]}: port ${preferred} is used by the checkout ${other}, so this one gets ${port}`,
      );
    }
    await writePortEntry({
      port,
      kind,
      checkout: checkout.id,
      workspaceRoot: checkout.root,
      identity: ownIdentity(),
    });
    return port;
  } finally {
    await lock.release();
  }
}

/** `undefined`: the port is ours to take. Else the folder of the checkout that has it; throws when it is a stranger. */
async function otherCheckoutOn(request: PortRequest): Promise<string | undefined> {
  const { preferred, checkout, env } = request;
  const entry = await readPortEntry(preferred);
  if (entry && entry.checkout !== checkout.id && !(await endOrphan(entry, checkout.root, request.report))) {
    if (await stillHolds(entry.container, request)) return entry.workspaceRoot;
  }
  if (await isPortFree(preferred, DEPS_HOST)) return undefined;
  const [container] = await containersOn(preferred, env);
  if (!container) throw await portTaken(request);
  if (container.checkout === checkout.id) return undefined;
  if (container.checkout !== undefined) return `with container ${container.name}`;
  throw containerOnPort(request, container);
}

/** A container may have been removed by hand; then its entry says nothing. */
async function stillHolds(container: string | undefined, { preferred, env }: PortRequest): Promise<boolean> {
  if (container === undefined) return true;
  const found = await containersOn(preferred, env);
  return found.some(({ id }) => id === container);
}

async function freePortNear(preferred: number): Promise<number> {
  for (let port = preferred + 1; port <= Math.min(preferred + NEIGHBOURS, 65_535); port += 1) {
    if ((await readPortEntry(port)) === undefined && (await isPortFree(port, DEPS_HOST))) return port;
  }
  return findFreePort(DEPS_HOST);
}

async function containersOn(port: number, env: NodeJS.ProcessEnv): Promise<ContainerFacts[]> {
  const search = await findDockerEngine(env);
  return 'reason' in search ? [] : findContainersOnPort(search.engine.docker, port);
}

async function portTaken({ kind, preferred }: PortRequest): Promise<PlatformError> {
  const [listener] = await whoListens(preferred);
  const holder = listener?.pid === undefined ? undefined : await describeProcess(listener.pid);
  return new PlatformError({
    code: 'port-taken',
    what: `port ${preferred}, where ${SERVER_NAME[kind]} is to run, is taken by ${await formatHolder(preferred)}`,
    ...(holder ? { why: `its command: ${holder.command}` } : {}),
    fix: [
      holder ? `stop it: kill ${holder.pid}` : `see who holds it: sudo ss -ltnp 'sport = :${preferred}'`,
      ...otherWays(kind, preferred),
    ],
    exitCode: EXIT.preflight,
  });
}

function containerOnPort(
  { kind, preferred }: PortRequest,
  { name, image, project }: ContainerFacts,
): PlatformError {
  const owner = project === undefined ? '' : ` of the Compose project ${project}`;
  return new PlatformError({
    code: 'port-taken',
    what: `port ${preferred}, where ${SERVER_NAME[kind]} is to run, is taken by the container ${name} (${image})${owner}`,
    fix: [`stop it: docker stop ${name}`, ...otherWays(kind, preferred)],
    exitCode: EXIT.preflight,
  });
}

function otherWays(kind: ServerKind, port: number): string[] {
  const scheme =
    kind === 'postgres'
      ? `postgres://user:password@${DEPS_HOST}:${port}/postgres`
      : `redis://${DEPS_HOST}:${port}`;
  return [
    `or choose another port: set "${kind}Port" in the options of rust-platform-plugin in nx.json`,
    `or use that server: ${URL_VARIABLE[kind]}=${scheme}`,
  ];
}
