import { PlatformError } from '../../errors';
import { inspectContainer } from '../docker/containers';
import { findDockerEngine } from '../docker/find-docker-engine';
import type { DepsSession } from './deps-session';
import type { ServerState } from './deps-state';
import { findRunningServer } from './find-running-server';
import { stopProcess } from './stop-process';

/** A server that is busy writing its data out gets this long. */
const GRACE_MS = 60_000;

/** Ends one server gracefully and forgets it; true when it ran. Its data, container and volume stay. */
export async function stopServer(
  server: ServerState,
  session: DepsSession,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const running = await findRunningServer(server, session.checkout, env);
  if (running?.identity) {
    const signal = server.kind === 'postgres' ? 'SIGINT' : 'SIGTERM';
    await stopProcess({ identity: running.identity, port: running.port, signal, graceMs: GRACE_MS });
  }
  if (running?.container) await stopContainer(running, env);
  await session.forget(server);
  return running !== undefined;
}

/** `stop`, not `down`: an anonymous volume would lose its container and with it the data. */
async function stopContainer({ container, kind }: ServerState, env: NodeJS.ProcessEnv): Promise<void> {
  const search = await findDockerEngine({ ...env, DOCKER_HOST: container?.dockerHost });
  if ('reason' in search || !container) return;
  const { docker } = search.engine;
  await docker
    .getContainer(container.id)
    .stop({ t: 30 })
    .catch((error: { statusCode?: number }) => {
      // 304: it has stopped already; 404: it was removed.
      if (error.statusCode !== 304 && error.statusCode !== 404) throw error;
    });
  if ((await inspectContainer(docker, container.id))?.running) {
    throw new PlatformError({
      code: 'container-not-stopped',
      what: `the container ${container.name} (${kind}) still runs after it was told to stop`,
      fix: `docker kill ${container.name}`,
    });
  }
}
