import { EXIT, PlatformError } from '../../errors';
import { formatHolder, type Listener } from '../../process/process-facts';
import { redactText } from '../../process/redact';
import type { ServiceExit, ServiceSpec } from './service-spec';

/** `owner`: what we know of the holder when it is a service of this checkout. */
export async function portTaken(
  { name, project, port }: ServiceSpec,
  owner?: string,
): Promise<PlatformError> {
  const holder = await formatHolder(port);
  const pid = /^pid (\d+)/.exec(holder)?.[1];
  return new PlatformError({
    code: 'port-taken',
    what: `port ${port} of ${name} is taken by ${[owner, holder].filter((who) => who && who !== 'nobody').join(', ')}`,
    fix: [
      ...(owner === undefined ? [] : ['press Ctrl-C in the terminal that serves it']),
      pid === undefined ? `sudo lsof -nP -iTCP:${port} -sTCP:LISTEN   # see who it is` : `kill ${pid}`,
      `[package.metadata.rust-platform]   # in the Cargo.toml of ${project}\nport = ${port + 1}`,
    ],
    exitCode: EXIT.preflight,
  });
}

export function wrongPort({ name, project, port }: ServiceSpec, others: Listener[]): PlatformError {
  const ports = [...new Set(others.map((listener) => listener.port))];
  return new PlatformError({
    code: 'wrong-port',
    what: `${name} listens on ${ports.join(', ')} instead of ${port}`,
    why: 'a service is told its port by the environment variable PORT, or by a variable named in its metadata',
    fix: [
      `[package.metadata.rust-platform.env]   # in the Cargo.toml of ${project}; the name is the variable it reads\nLISTEN_ADDR = "{host}:{port}"`,
      `[package.metadata.rust-platform]   # when its port is fixed\nport = ${ports[0]}`,
    ],
  });
}

export function notReady(
  { name, port, health, startTimeoutMs, logFile }: ServiceSpec,
  tried: { tries: number; said: string; portIsOurs: boolean },
  lines: string[],
): PlatformError {
  const url = health && `http://${health.host}:${port}${health.path}`;
  const asked = url
    ? `GET ${url}: ${tried.said} (asked ${tried.tries} times)`
    : `it did not open port ${port}`;
  const socket = tried.portIsOurs ? `it listens on port ${port}` : `nobody listens on port ${port}`;
  return new PlatformError({
    code: 'service-not-ready',
    what: `${name} was not ready within ${startTimeoutMs / 1000} s`,
    why: `${url ? `${asked}; ${socket}` : asked}\n${lastWords(lines)}`,
    fix: [
      `tail -n 50 ${logFile}`,
      'start-timeout = 120   # seconds, in [package.metadata.rust-platform], when it only needs longer',
    ],
  });
}

export function serviceExited(
  { name, logFile }: ServiceSpec,
  exit: ServiceExit,
  lines: string[],
): PlatformError {
  const how = exit.signal === undefined ? `with exit code ${exit.exitCode ?? '?'}` : `by ${exit.signal}`;
  return new PlatformError({
    code: 'service-exited',
    what: `${name} ended ${how} before it was ready`,
    why: lastWords(lines),
    fix: `tail -n 200 ${logFile}`,
  });
}

export function serviceStopped({ name }: ServiceSpec): PlatformError {
  return new PlatformError({
    code: 'service-stopped',
    what: `${name} was stopped before it was ready`,
    fix: 'start it again',
    exitCode: EXIT.interrupted,
  });
}

function lastWords(lines: string[]): string {
  return lines.length === 0 ? 'it wrote nothing' : `its last lines:\n${redactText(lines.join('\n'))}`;
}
