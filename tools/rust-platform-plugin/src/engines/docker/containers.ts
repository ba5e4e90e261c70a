import type Docker from 'dockerode';
import { CHECKOUT_LABEL, KIND_LABEL } from './own-compose-file';

export interface ContainerFacts {
  id: string;
  /** Without the leading slash. */
  name: string;
  running: boolean;
  health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  exitCode: number | undefined;
  /** Id of the checkout whose container it is, if one of this tool. */
  checkout: string | undefined;
  /** Compose project, if any. */
  project: string | undefined;
  image: string;
  /** `NAME` → value, as the container was made. */
  env: Record<string, string>;
  publishedPort(containerPort: number): number | undefined;
}

export async function inspectContainer(docker: Docker, id: string): Promise<ContainerFacts | undefined> {
  try {
    return factsOf(await docker.getContainer(id).inspect());
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** Containers of a checkout, running or not. */
export async function findOwnContainers(
  docker: Docker,
  checkoutId: string,
  kind?: string,
): Promise<ContainerFacts[]> {
  const label = [`${CHECKOUT_LABEL}=${checkoutId}`, ...(kind === undefined ? [] : [`${KIND_LABEL}=${kind}`])];
  return inspectAll(docker, await docker.listContainers({ all: true, filters: { label } }));
}

/** Running containers that publish a port of this machine. */
export async function findContainersOnPort(docker: Docker, port: number): Promise<ContainerFacts[]> {
  const running = await docker.listContainers();
  return inspectAll(
    docker,
    running.filter(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port)),
  );
}

export async function hasImage(docker: Docker, image: string): Promise<boolean> {
  try {
    await docker.getImage(image).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

async function inspectAll(docker: Docker, found: Docker.ContainerInfo[]): Promise<ContainerFacts[]> {
  const all = await Promise.all(found.map(({ Id }) => inspectContainer(docker, Id)));
  return all.filter((facts) => facts !== undefined);
}

function factsOf(inspected: Docker.ContainerInspectInfo): ContainerFacts {
  const { Id, Name, State, Config, NetworkSettings } = inspected;
  const health = State.Health?.Status as ContainerFacts['health'] | undefined;
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    running: State.Running,
    health: health ?? 'none',
    exitCode: State.Running ? undefined : State.ExitCode,
    checkout: Config.Labels[CHECKOUT_LABEL],
    project: Config.Labels['com.docker.compose.project'],
    image: Config.Image,
    env: Object.fromEntries(Config.Env.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])),
    publishedPort: (containerPort) => {
      const bindings = NetworkSettings.Ports[`${containerPort}/tcp`] as
        Array<{ HostPort: string }> | null | undefined;
      const port = Number(bindings?.[0]?.HostPort);
      return port > 0 ? port : undefined;
    },
  };
}
