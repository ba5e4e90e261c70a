import { EXIT, PlatformError } from '../../errors';
import { isLoopback } from '../../process/redact';

/** Throws `remote-refused` (exit 2) unless the host is this machine or `allowRemote` is set. Never shows a password. */
export function refuseRemoteHost(request: {
  host: string;
  /** Where the address comes from: `DATABASE_URL` or `REDIS_URL`. */
  variable: string;
  allowRemote: boolean;
}): void {
  if (request.allowRemote || isLoopback(request.host)) return;
  throw new PlatformError({
    code: 'remote-refused',
    what: `${request.variable} points at another machine: ${request.host}`,
    why: 'migrations, tests and benchmarks change data and put load on the server',
    fix: [
      `for the local servers: unset ${request.variable}`,
      `if ${request.host} is really meant: add --allow-remote`,
    ],
    exitCode: EXIT.usage,
  });
}
