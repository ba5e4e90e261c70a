import type { ProcessIdentity } from '../../process/process-identity';
import { findFreePort } from '../../process/ports';
import type { DepsEndpoints, Report } from '../endpoints';
import { createTestDatabase } from '../postgres/create-test-database';
import { createTestRedis, type TestRedis } from '../redis/create-test-redis';
import type { RunningService, SupervisorClient } from '../supervisor';
import { DeathWatch } from './service-death';
import { startOnFreePort } from './start-on-free-port';
import { stopServices } from './stop-services';
import { UndoStack } from './undo-stack';

/** A service as the stack starts it. Built by the caller from what it knows of the service. */
export interface StackMember {
  /** Nx project name. */
  project: string;
  /** Absolute path of the checked binary. */
  command: string;
  args: string[];
  /** Absolute folder of the crate. */
  cwd: string;
  /** Path of the health URL. */
  health: string;
  /** Seconds. */
  startTimeout: number;
  /** Seconds. */
  gracePeriod: number;
  needs: ReadonlyArray<'postgres' | 'redis'>;
  /** Absolute folder of its sqlx migrations. */
  migrations: string | undefined;
  /** The complete environment for what the stack has made. */
  environment(given: GivenAddresses): Record<string, string>;
}

export interface GivenAddresses {
  host: string;
  port: number;
  postgresUrl: string | undefined;
  redisUrl: string | undefined;
  redisPrefix: string | undefined;
  /** Base URLs of the members started before, by project. */
  serviceUrls: Record<string, string>;
}

export interface StackRequest {
  client: SupervisorClient;
  workspaceRoot: string;
  stateDirectory: string;
  logsDirectory: string;
  runId: string;
  purpose: 'test' | 'bench';
  /** What is needed comes first, the service itself last. */
  members: StackMember[];
  endpoints: DepsEndpoints;
  owner: ProcessIdentity;
  env: NodeJS.ProcessEnv;
  report: Report;
  signal?: AbortSignal;
}

export interface IsolatedStack {
  /** Of the last member. */
  baseUrl: string;
  deaths: DeathWatch;
  /** Passwords in the addresses that the members were given: never to be shown. */
  secrets: string[];
  /** Stops all members (see `stopServices`), then drops their databases and the Redis. Safe to call twice. */
  stop(options?: { hurry: boolean }): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts services that nobody else uses: on free ports, each with a fresh database, all with one Redis of their own, since
 * what one writes to a stream the other reads. When anything fails, what was started is gone before the error is thrown.
 */
export async function startIsolatedStack(request: StackRequest): Promise<IsolatedStack> {
  const state: StackState = {
    redis: undefined,
    serviceUrls: {},
    services: [],
    servers: new UndoStack(),
    deaths: new DeathWatch(),
    secrets: [],
  };
  try {
    state.redis = await makeRedis(request, state.servers);
    if (state.redis) state.secrets.push(...passwordsIn(state.redis.url));
    let baseUrl = '';
    for (const member of request.members) {
      request.signal?.throwIfAborted();
      baseUrl = await startMember(request, member, state);
      state.serviceUrls[member.project] = baseUrl;
    }
    const { deaths, secrets } = state;
    return { baseUrl, deaths, secrets, stop: ({ hurry } = { hurry: false }) => stopAll(state, hurry) };
  } catch (error) {
    const hurry = request.signal?.aborted ?? false;
    await stopAll(state, hurry).catch((failure: unknown) =>
      request.report(`clean-up failed: ${String(failure)}`),
    );
    throw error;
  }
}

interface StackState {
  redis: TestRedis | undefined;
  serviceUrls: Record<string, string>;
  services: RunningService[];
  /** Databases and the Redis. */
  servers: UndoStack;
  deaths: DeathWatch;
  secrets: string[];
}

async function stopAll({ services, servers }: StackState, hurry: boolean): Promise<void> {
  // A database is dropped also when a service would not stop: its sessions are ended.
  await stopServices(services.splice(0), hurry).finally(() => servers.run());
}

async function makeRedis(request: StackRequest, undo: UndoStack): Promise<TestRedis | undefined> {
  if (!request.members.some(({ needs }) => needs.includes('redis'))) return undefined;
  const { workspaceRoot, stateDirectory, owner, endpoints, env, report, signal } = request;
  const service = request.members.at(-1)?.project ?? '';
  const redis = await createTestRedis({
    workspaceRoot,
    stateDirectory,
    owner,
    service,
    endpoint: endpoints.redis,
    env,
    report,
    signal,
  });
  undo.add(() => redis.release());
  return redis;
}

async function makeDatabase(
  request: StackRequest,
  member: StackMember,
  undo: UndoStack,
): Promise<string | undefined> {
  const endpoint = request.endpoints.postgres;
  if (!endpoint || !member.needs.includes('postgres')) return undefined;
  const { owner, report, signal } = request;
  const { project: service, migrations } = member;
  const database = await createTestDatabase({ endpoint, owner, service, migrations, report, signal });
  undo.add(() => database.drop());
  return database.url;
}

/** Resolves with the base URL of the member when it is ready. */
async function startMember(request: StackRequest, member: StackMember, state: StackState): Promise<string> {
  const { redis, serviceUrls, services, servers, deaths, secrets } = state;
  const postgresUrl = await makeDatabase(request, member, servers);
  if (postgresUrl !== undefined) secrets.push(...passwordsIn(postgresUrl));
  const uses = member.needs.includes('redis') ? redis : undefined;
  const { client, workspaceRoot, logsDirectory, runId, purpose, report, signal } = request;
  const main = request.members.at(-1)?.project ?? member.project;
  const service = await startOnFreePort(
    (port) => ({
      ...member,
      client,
      workspaceRoot,
      logsDirectory,
      runId,
      purpose,
      host: HOST,
      port,
      env: member.environment({
        host: HOST,
        port,
        postgresUrl,
        redisUrl: uses?.url,
        redisPrefix: uses?.prefix,
        serviceUrls: { ...serviceUrls },
      }),
      neededBy: main === member.project ? undefined : main,
    }),
    { findPort: () => findFreePort(HOST), signal },
  );
  services.push(service);
  deaths.watch(member.project, service);
  report(`${member.project} is ready at http://${HOST}:${service.port}`);
  return `http://${HOST}:${service.port}`;
}

/** As it stands in the URL, and decoded. */
function passwordsIn(url: string): string[] {
  const { password } = new URL(url);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
