import { join } from 'node:path';
import { EXIT, PlatformError } from '../../errors';
import type { ServerState } from './deps-state';
import { portEntryFile } from './port-registry';
import { SERVER_NAME } from './server-names';

/**
 * Nobody can tell whether a container of this checkout runs. What is noted of it stays. `folder`: that of the notes;
 * `next`: what to do when the engine answers again.
 */
export async function dockerUnreachable(
  { kind, port, container }: ServerState,
  folder: string,
  reason: string,
  next = 'then: rust-platform deps stop',
): Promise<PlatformError> {
  const host = container?.dockerHost || 'the usual sockets';
  const name = container?.name || `of the Compose project ${container?.project ?? 'of this checkout'}`;
  const notes = [join(folder, 'state.json'), await portEntryFile(port)];
  return new PlatformError({
    code: 'docker-unreachable',
    what: `the container ${name} (${SERVER_NAME[kind]}, port ${port}) on DOCKER_HOST=${host} cannot be reached, so it may still run`,
    why: reason,
    fix: [
      `start the Docker engine (or set DOCKER_HOST to where it listens now), ${next}`,
      `if that engine is gone for good, forget the container: rm -f ${notes.join(' ')}`,
    ],
    exitCode: EXIT.preflight,
  });
}
