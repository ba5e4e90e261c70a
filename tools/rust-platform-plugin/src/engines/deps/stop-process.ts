import { PlatformError } from '../../errors';
import { endTree } from '../../process/end-tree';
import { isPortFree } from '../../process/ports';
import { isAlive, type ProcessIdentity } from '../../process/process-identity';
import { DEPS_HOST } from './deps-state';
import { waitUntil } from './wait-until';

export interface StopProcessRequest {
  identity: ProcessIdentity;
  port: number;
  /** Asks the server to end: SIGINT for PostgreSQL's fast shutdown, SIGTERM for Redis, which saves first. */
  signal: 'SIGINT' | 'SIGTERM';
  /** Until it is ended the hard way. */
  graceMs: number;
}

/** Ends a local server by its own graceful way; resolves when process, children and port are proven to be gone. */
export async function stopProcess({ identity, port, signal, graceMs }: StopProcessRequest): Promise<void> {
  if (await isAlive(identity)) {
    signalProcess(identity.pid, signal);
    await waitUntil(async () => ((await isAlive(identity)) ? undefined : true), { timeoutMs: graceMs });
    if (await isAlive(identity)) await endTree(identity, { graceMs: 2_000 });
  }
  const free = await waitUntil(async () => ((await isPortFree(port, DEPS_HOST)) ? true : undefined), {
    timeoutMs: 5_000,
  });
  if (!free) {
    throw new PlatformError({
      code: 'port-not-freed',
      what: `the server with pid ${identity.pid} is gone, but port ${port} is still in use`,
      fix: `see who holds it: ss -ltnp 'sport = :${port}' (macOS: lsof -nP -iTCP:${port} -sTCP:LISTEN)`,
    });
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
