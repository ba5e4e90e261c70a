import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { programVersion } from '../../cargo/program-version';
import type { Ingredient } from '../../results/key-record';
import type { ComposeServices } from './compose-file';
import { postgresPrograms, redisPrograms } from './find-server-programs';
import { hidden } from './ingredient';
import type { KeyRequest } from './key-world';

export type Server = 'postgres' | 'redis';

const NAMES: Record<Server, string> = { postgres: 'PostgreSQL', redis: 'Redis' };
const VARIABLES: Record<Server, string> = { postgres: 'DATABASE_URL', redis: 'REDIS_URL' };
type Provider = 'given' | 'compose' | 'local' | 'embedded';
/** Tests get a Redis of their own wherever its program is installed. */
const ORDER: Record<Server, Provider[]> = {
  postgres: ['given', 'compose', 'local', 'embedded'],
  redis: ['local', 'given', 'compose', 'embedded'],
};
const ENGINE_MS = 300;

/**
 * Which server the tests would get, by provider and major version, from what is there to read: the environment, the Compose
 * file, installed programs. Nothing is started, no server is asked.
 */
export async function serverFact(
  kind: Server,
  request: KeyRequest,
  compose: ComposeServices,
): Promise<Ingredient> {
  const { env } = request;
  const allowed = (env['RUST_PLATFORM_PROVIDERS'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  for (const provider of ORDER[kind]) {
    if (allowed.length > 0 && !allowed.includes(provider)) continue;
    const value = await answerOf(provider, kind, request, compose);
    if (value !== undefined) return { group: 'server', name: NAMES[kind], value };
  }
  return { group: 'server', name: NAMES[kind], value: 'none' };
}

async function answerOf(
  provider: Provider,
  kind: Server,
  request: KeyRequest,
  compose: ComposeServices,
): Promise<string | undefined> {
  const { env } = request;
  const given = env[VARIABLES[kind]];
  if (provider === 'given') return given ? `given by ${VARIABLES[kind]}: ${hidden(given)}` : undefined;
  if (provider === 'local') return localVersion(kind, request);
  if (provider === 'embedded') return 'embedded';
  const image = compose.image(kind);
  return image !== undefined && (await engineAnswers(env)) ? `compose: ${image}` : undefined;
}

async function localVersion(kind: Server, { workspaceRoot, env }: KeyRequest): Promise<string | undefined> {
  for (const program of kind === 'postgres' ? postgresPrograms(env) : redisPrograms(env)) {
    const text = await programVersion(workspaceRoot, program, env).catch(() => undefined);
    const major = /(?:\(PostgreSQL\) |\bv=)(\d+)/.exec(text ?? '')?.[1];
    if (text !== undefined && major !== undefined) {
      return `local: ${/valkey/i.test(text) ? 'valkey' : kind} ${major}`;
    }
  }
  return undefined;
}

/** Whether something listens where the Docker engine would. */
async function engineAnswers(env: NodeJS.ProcessEnv): Promise<boolean> {
  const given = env['DOCKER_HOST'];
  if (given) return listens(given);
  const runtime = env['XDG_RUNTIME_DIR'];
  const sockets = [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(homedir(), '.docker', 'run', 'docker.sock'),
    join(homedir(), '.colima', 'default', 'docker.sock'),
  ];
  const first = sockets.find((socket) => existsSync(socket));
  return first !== undefined && listens(`unix://${first}`);
}

async function listens(host: string): Promise<boolean> {
  const isSocket = host.startsWith('unix://');
  if (!isSocket && !URL.canParse(host)) return false;
  const { hostname, port } = isSocket ? { hostname: '', port: '' } : new URL(host);
  return new Promise((resolve) => {
    const socket = isSocket
      ? connect({ path: host.slice('unix://'.length) })
      : connect({ host: hostname, port: Number(port || 2375) });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ENGINE_MS, () => end(false));
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
