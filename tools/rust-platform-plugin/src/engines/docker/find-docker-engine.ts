import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { isLoopback } from '../../process/redact';
import { messageOf } from '../message-of';

export interface DockerEngine {
  docker: Docker;
  /** Value of DOCKER_HOST for command-line tools, so that all talk to the same engine. */
  host: string;
}

export type DockerSearch = { engine: DockerEngine } | { reason: string };

/**
 * The Docker engine of this machine: DOCKER_HOST, else the usual sockets (rootful, rootless, Docker Desktop, Colima).
 * Answers within `timeoutMs`. An engine on another machine is no place for local servers.
 */
export async function findDockerEngine(env: NodeJS.ProcessEnv, timeoutMs = 1_000): Promise<DockerSearch> {
  const given = env['DOCKER_HOST'];
  const host = given || usualSockets(env).find((socket) => existsSync(socket.slice('unix://'.length)));
  if (!host)
    return { reason: 'no Docker engine: no socket at /var/run/docker.sock and DOCKER_HOST is not set' };
  const target = parseDockerHost(host);
  if (!target)
    return { reason: `DOCKER_HOST=${host} is of a kind that is not supported (unix:// and tcp:// are)` };
  if (target.remote) return { reason: `the Docker engine is on another machine (${host})` };
  // Loading it takes a quarter of a second, which nobody without an engine should pay.
  const { default: Dockerode } = await import('dockerode');
  const docker = new Dockerode({ ...target.options, timeout: timeoutMs });
  try {
    await withTimeout(docker.ping(), timeoutMs);
  } catch (error) {
    const why = messageOf(error);
    return { reason: `no Docker engine answers at ${host} (${why})` };
  }
  return { engine: { docker: new Dockerode(target.options), host } };
}

function usualSockets(env: NodeJS.ProcessEnv): string[] {
  const runtime = env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(homedir(), '.docker', 'run', 'docker.sock'),
    join(homedir(), '.colima', 'default', 'docker.sock'),
  ].map((path) => `unix://${path}`);
}

function parseDockerHost(host: string): { options: Docker.DockerOptions; remote: boolean } | undefined {
  if (host.startsWith('unix://'))
    return { options: { socketPath: host.slice('unix://'.length) }, remote: false };
  if (!/^(tcp|https?):\/\//.test(host) || !URL.canParse(host)) return undefined;
  const { hostname, port, protocol } = new URL(host);
  const options: Docker.DockerOptions = {
    host: hostname,
    port: Number(port || 2375),
    protocol: protocol === 'https:' ? 'https' : 'http',
  };
  return { options, remote: !isLoopback(hostname) };
}

async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
