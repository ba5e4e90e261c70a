import { fillTemplate } from './environment-template';
import type { RustService } from './service-model';

export type Environment = Record<string, string>;

export interface ServiceEnvironmentRequest {
  service: RustService;
  host: string;
  /** See `configuredPort`: in mode `serve` a PORT of the shell or of a `.env` decides it. */
  port: number;
  postgresUrl?: string;
  redisUrl?: string;
  /** Given when the Redis is shared: every key starts with it. */
  redisPrefix?: string;
  /** Base URLs of needed services by project name. */
  serviceUrls: Record<string, string>;
  /** Base URLs of needed services of docker-compose.yml by their name there. */
  composeUrls: Record<string, string>;
  /** See `shellEnvironment`: Nx has mixed `.env` files into `process.env` of a task. */
  shellEnv: NodeJS.ProcessEnv;
  dotenv: { service: Environment; workspace: Environment };
  /** `isolated` (test-api, bench): the port and URLs given here win over everything. */
  mode: 'serve' | 'isolated';
}

/** Variables of the tools around the service, which are nothing to it and differ between runs. */
const NOT_FOR_SERVICES = /^(NX_|npm_|RUST_PLATFORM_|FORCE_COLOR$|INIT_CWD$)/;

/**
 * The complete environment of a service. Strongest first: the shell, the service's `.env`, the workspace's `.env`, ours
 * (HOST, PORT, DATABASE_URL, REDIS_URL, RUST_LOG, `<NEEDED>_URL`, and the names that the metadata maps). Throws
 * PlatformError `unknown-placeholder` (exit 2).
 */
export function serviceEnvironment(request: ServiceEnvironmentRequest): Environment {
  const { shellEnv, dotenv, mode } = request;
  const made = { ...defaultVariables(request), ...mappedVariables(request) };
  const given = { ...dotenv.workspace, ...dotenv.service, ...forService(shellEnv) };
  return { RUST_LOG: 'info', ...made, ...given, ...(mode === 'isolated' ? made : {}) };
}

/** The port that `serve` uses: PORT of the shell, of the service's `.env`, of the workspace's `.env`, else its own. */
export function configuredPort(
  request: Pick<ServiceEnvironmentRequest, 'service' | 'shellEnv' | 'dotenv'>,
): number {
  const { service, shellEnv, dotenv } = request;
  const candidates = [shellEnv['PORT'], dotenv.service['PORT'], dotenv.workspace['PORT']];
  const port = candidates.map(Number).find((value) => Number.isInteger(value) && value > 0 && value < 65536);
  return port ?? service.port;
}

/** `url-shortener` → `URL_SHORTENER_URL`. */
export function urlVariable(name: string): string {
  return `${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_URL`;
}

function defaultVariables(request: ServiceEnvironmentRequest): Environment {
  const { host, port, postgresUrl, redisUrl, redisPrefix, serviceUrls, composeUrls } = request;
  const needed = { ...composeUrls, ...serviceUrls };
  const variables: Record<string, string | undefined> = {
    HOST: host,
    PORT: String(port),
    DATABASE_URL: postgresUrl,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: redisPrefix,
    ...Object.fromEntries(Object.entries(needed).map(([name, url]) => [urlVariable(name), url])),
  };
  return defined(variables);
}

function mappedVariables(request: ServiceEnvironmentRequest): Environment {
  const values = templateValues(request);
  const { env } = request.service;
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [name, fillTemplate(name, text, values)]),
  );
}

function templateValues(request: ServiceEnvironmentRequest): Environment {
  const { host, port, postgresUrl, redisUrl, redisPrefix, serviceUrls, composeUrls } = request;
  const services = Object.entries({ ...composeUrls, ...serviceUrls });
  return defined({
    host,
    port: String(port),
    ...urlParts('postgres', postgresUrl, 5432),
    ...urlParts('redis', redisUrl, 6379),
    'redis.prefix': redisUrl === undefined ? undefined : (redisPrefix ?? ''),
    ...Object.assign({}, ...services.map(([name, url]) => serviceParts(name, url))),
  });
}

function urlParts(
  kind: string,
  url: string | undefined,
  defaultPort: number,
): Record<string, string | undefined> {
  if (url === undefined) return {};
  const parsed = new URL(url);
  // A socket folder is a parameter: postgres://user@/database?host=/run/postgresql
  const host = parsed.hostname || parsed.searchParams.get('host') || 'localhost';
  return {
    [`${kind}.url`]: url,
    [`${kind}.host`]: host.replace(/^\[|\]$/g, ''),
    [`${kind}.port`]: parsed.port || parsed.searchParams.get('port') || String(defaultPort),
    [`${kind}.user`]: decodeURIComponent(parsed.username),
    [`${kind}.password`]: decodeURIComponent(parsed.password),
    [`${kind}.database`]: decodeURIComponent(parsed.pathname.slice(1)) || (kind === 'redis' ? '0' : ''),
  };
}

function serviceParts(name: string, url: string): Environment {
  const { hostname, port, protocol } = new URL(url);
  return {
    [`service.${name}.url`]: url,
    [`service.${name}.host`]: hostname,
    [`service.${name}.port`]: port || (protocol === 'https:' ? '443' : '80'),
  };
}

function forService(env: NodeJS.ProcessEnv): Environment {
  return defined(Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_FOR_SERVICES.test(name))));
}

function defined(values: Record<string, string | undefined>): Environment {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
