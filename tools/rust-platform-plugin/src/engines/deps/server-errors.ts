import { EXIT, PlatformError } from '../../errors';
import type { ServerKind } from './deps-types';
import { SERVER_NAME } from './server-names';

/** Somebody took the port between our check and the server's bind: the caller chooses again. */
export class PortRacedError extends Error {
  constructor(readonly port: number) {
    super(`port ${port} was taken while the server started`);
  }
}

export function portRaced(port: number): PortRacedError {
  return new PortRacedError(port);
}

export function serverDied(kind: ServerKind, log: string, logFile: string): PlatformError {
  return new PlatformError({
    code: 'server-died',
    what: `${SERVER_NAME[kind]} ended while it started`,
    why: log === '' ? 'it said nothing' : log,
    fix: `read its log: tail -n 50 ${logFile}`,
    exitCode: EXIT.preflight,
  });
}

export function serverNotReady(kind: ServerKind, timeoutMs: number, log: string): PlatformError {
  return new PlatformError({
    code: 'server-not-ready',
    what: `${SERVER_NAME[kind]} was started but did not answer a query within ${timeoutMs / 1000} s`,
    ...(log === '' ? {} : { why: log }),
    fix: 'rust-platform deps stop, then try again',
    exitCode: EXIT.preflight,
  });
}
