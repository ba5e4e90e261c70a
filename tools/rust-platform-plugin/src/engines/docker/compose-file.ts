import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse, YAMLParseError } from 'yaml';
import { EXIT, PlatformError } from '../../errors';
import { messageOf } from '../message-of';
import type { ServerKind } from '../deps/deps-types';
import { interpolate } from './interpolate';

/** A service of a Compose file that is one of our servers. */
export interface ComposeServer {
  kind: ServerKind;
  /** Its name in the file. */
  service: string;
  image: string | undefined;
  builds: boolean;
  /** Port inside the container. */
  containerPort: number;
  /** Port on this machine as the file says it, if it does. */
  publishedPort: number | undefined;
  user: string | undefined;
  password: string | undefined;
}

export interface ComposeFile {
  path: string;
  /** The parsed file, variables not replaced: Compose does that. */
  document: Record<string, unknown>;
  servers: Partial<Record<ServerKind, ComposeServer>>;
}

type Definition = Record<string, unknown>;
type Variables = Record<string, string | undefined>;

const IMAGES: Record<ServerKind, RegExp> = {
  postgres: /^(postgres|postgresql|postgis|pgvector|timescaledb|timescaledb-ha)$/,
  redis: /^(redis|valkey|redis-stack|redis-stack-server|keydb|dragonfly)$/,
};
const DEFAULT_PORT: Record<ServerKind, number> = { postgres: 5432, redis: 6379 };

/** `undefined` when there is no such file. Throws `compose-file` (exit 2) when it cannot be read. */
export async function readComposeFile(
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<ComposeFile | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw invalid(path, error.message, error);
  });
  if (text === undefined) return undefined;
  const dotenv = await readFile(join(dirname(path), '.env'), 'utf8').catch(() => '');
  return parseComposeFile(path, text, { ...parseEnv(dotenv), ...env });
}

export function parseComposeFile(path: string, text: string, variables: Variables): ComposeFile {
  const document = parseDocument(path, text);
  const services = Object.entries((document['services'] ?? {}) as Record<string, Definition | null>);
  const servers: ComposeFile['servers'] = {};
  for (const [service, definition] of services) {
    const image = textOf(definition?.['image'], variables);
    const kind =
      kindOf(image) ?? (image === undefined && definition?.['build'] ? kindOf(service) : undefined);
    if (kind && definition) servers[kind] ??= serverOf({ kind, service, image, definition, variables });
  }
  return { path, document, servers };
}

function parseDocument(path: string, text: string): Record<string, unknown> {
  try {
    const document: unknown = parse(text, { merge: true });
    if (typeof document === 'object' && document !== null) return document as Record<string, unknown>;
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    throw invalid(line === undefined ? path : `${path}:${line}`, messageOf(error), error);
  }
  throw invalid(path, 'it holds no services', undefined);
}

/** The name of an image without registry, path, tag and digest. */
function kindOf(image: string | undefined): ServerKind | undefined {
  const name = image?.split('@')[0]?.split('/').at(-1)?.split(':')[0] ?? '';
  return (Object.keys(IMAGES) as ServerKind[]).find((kind) => IMAGES[kind].test(name));
}

function serverOf(request: {
  kind: ServerKind;
  service: string;
  image: string | undefined;
  definition: Definition;
  variables: Variables;
}): ComposeServer {
  const { kind, service, image, definition, variables } = request;
  const environment = environmentOf(definition['environment'], variables);
  const port = DEFAULT_PORT[kind];
  return {
    kind,
    service,
    image,
    builds: definition['build'] !== undefined,
    containerPort: port,
    publishedPort: publishedPortOf(definition['ports'], port, variables),
    ...(kind === 'postgres'
      ? postgresCredentials(environment)
      : redisCredentials(definition, environment, variables)),
  };
}

function postgresCredentials(environment: Variables): { user: string; password: string | undefined } {
  const pick = (name: string): string | undefined =>
    environment[`POSTGRES_${name}`] || environment[`POSTGRESQL_${name}`];
  return {
    user: pick('USER') ?? environment['POSTGRESQL_USERNAME'] ?? 'postgres',
    password: pick('PASSWORD'),
  };
}

function redisCredentials(definition: Definition, environment: Variables, variables: Variables) {
  const command = definition['command'];
  const words = Array.isArray(command)
    ? command.map((word) => interpolate(String(word), variables))
    : (textOf(command, variables) ?? '').split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
  const flag = words.indexOf('--requirepass');
  const password = (flag >= 0 ? words[flag + 1] : undefined) || environment['REDIS_PASSWORD'] || undefined;
  return { user: undefined, password };
}

/** `environment` as a map or as a list of `NAME=value`. */
function environmentOf(value: unknown, variables: Variables): Variables {
  const entries = Array.isArray(value)
    ? value.map((line) => String(line).split(/=(.*)/s).slice(0, 2))
    : Object.entries((value ?? {}) as Definition);
  return Object.fromEntries(
    entries.map(([name, text]) => [
      String(name),
      text === null || text === undefined ? variables[String(name)] : interpolate(String(text), variables),
    ]),
  );
}

/** Short (`127.0.0.1:5434:5432`) and long syntax. */
function publishedPortOf(ports: unknown, containerPort: number, variables: Variables): number | undefined {
  for (const entry of Array.isArray(ports) ? (ports as unknown[]) : []) {
    const [target, published] = readPort(entry, variables);
    if (Number(target) === containerPort && /^\d+$/.test(published ?? '')) return Number(published);
  }
  return undefined;
}

function readPort(entry: unknown, variables: Variables): [string | undefined, string | undefined] {
  if (typeof entry === 'object' && entry !== null) {
    const { target, published } = entry as { target?: unknown; published?: unknown };
    return [textOf(target, variables), textOf(published, variables)];
  }
  const parts = (textOf(entry, variables) ?? '').split('/')[0]?.split(':') ?? [];
  return [parts.at(-1), parts.at(-2)];
}

function textOf(value: unknown, variables: Variables): string | undefined {
  return value === undefined || value === null ? undefined : interpolate(String(value), variables);
}

function invalid(place: string, why: string, cause: unknown): PlatformError {
  return new PlatformError({
    code: 'compose-file',
    what: `${place} cannot be read as a Compose file`,
    why,
    fix: `correct it, then check it with: docker compose -f ${place.replace(/:\d+$/, '')} config`,
    exitCode: EXIT.usage,
    cause,
  });
}
