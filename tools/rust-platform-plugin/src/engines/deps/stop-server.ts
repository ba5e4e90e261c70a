import { PlatformError } from '../../errors';
import { inspectContainer } from '../docker/containers';
import { findDockerEngine } from '../docker/find-docker-engine';
import { messageOf } from '../message-of';
import type { DepsSession } from './deps-session';
import type { ServerState } from './deps-state';
import { dockerUnreachable } from './docker-unreachable';
import { findRunningServer } from './find-running-server';
import { stopProcess } from './stop-process';

/** A server that is busy writing its data out gets this long. */
const GRACE_MS = 60_000;
/** A busy engine is no reason to leave a container running. */
const ENGINE_MS = 10_000;

/**
 * Ends one server gracefully and forgets it; true when it ran. Its data, container and volume stay. Throws
 * `docker-unreachable` when nobody can tell whether it runs: then it is not forgotten.
 */
export async function stopServer(
  server: ServerState,
  session: DepsSession,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const search = await findRunningServer(server, session.checkout, env, ENGINE_MS);
  if (search.answer === 'cannot-tell') throw await dockerUnreachable(server, session.folder, search.reason);
  const running = search.answer === 'running' ? search.server : undefined;
  if (running?.identity) {
    const signal = server.kind === 'postgres' ? 'SIGINT' : 'SIGTERM';
    await stopProcess({ identity: running.identity, port: running.port, signal, graceMs: GRACE_MS });
  }
  if (running?.container) await stopContainer(running, session, env);
  await session.forget(server);
  return running !== undefined;
}

/** `stop`, not `down`: an anonymous volume would lose its container and with it the data. */
async function stopContainer(
  server: ServerState,
  session: DepsSession,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { container, kind } = server;
  const search = await findDockerEngine({ ...env, DOCKER_HOST: container?.dockerHost }, ENGINE_MS);
  if ('reason' in search) throw await dockerUnreachable(server, session.folder, search.reason);
  if (!container) return;
  const { docker } = search.engine;
  try {
    await docker.getContainer(container.id).stop({ t: 30 });
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === undefined) throw await dockerUnreachable(server, session.folder, messageOf(error));
    // 304: it has stopped already; 404: it was removed.
    if (statusCode !== 304 && statusCode !== 404) throw error;
  }
  if ((await inspectContainer(docker, container.id))?.running) {
    throw new PlatformError({
      code: 'container-not-stopped',
      what: `the container ${container.name} (${kind}) still runs after it was told to stop`,
      fix: `docker kill ${container.name}`,
    });
  }
}
