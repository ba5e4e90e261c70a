import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { PlatformError } from '../errors';
import { whoListens } from './process-facts';

/** Below the ranges from which systems take the ports of outgoing connections: those come and go at any moment. */
const FREE_RANGE = { from: 20_000, to: 32_000 };
const givenOut = new Set<number>();

/** Nobody listens, and we may. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  // macOS lets a second process bind 127.0.0.1 beside a wildcard listener, so a successful bind alone proves little.
  if ((await whoListens(port, host)).length > 0) return false;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A free port that this process has not given out before. */
export async function findFreePort(host = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(FREE_RANGE.from, FREE_RANGE.to);
    if (givenOut.has(port)) continue;
    givenOut.add(port);
    if (await isPortFree(port, host)) return port;
  }
  throw new PlatformError({
    code: 'no-free-port',
    what: `no free port between ${FREE_RANGE.from} and ${FREE_RANGE.to} on ${host}`,
    fix: 'see who listens: ss -ltnp   (macOS: lsof -nP -iTCP -sTCP:LISTEN)',
  });
}
