import { join } from 'node:path';
import { messageOf } from '../message-of';
import { readComposeFile, type ComposeServer } from '../docker/compose-file';
import { composeUp, obtainImage, type ComposeContext } from '../docker/compose-up';
import { hasImage, type ContainerFacts } from '../docker/containers';
import { findComposeCommand } from '../docker/find-compose-command';
import { findDockerEngine, type DockerEngine } from '../docker/find-docker-engine';
import { composeProject } from '../docker/own-compose-file';
import { depsFolder, endpointOf, type ServerState } from './deps-state';
import type { ServerKind } from './deps-types';
import {
  preferredPort,
  ProviderUnusable,
  type Availability,
  type ProviderContext,
  type StartContext,
} from './provider';
import { markServer, probeServer } from './probe-server';
import { serverNotReady } from './server-errors';
import { waitUntil } from './wait-until';

const READY_MS = 60_000;
const NO_COMPOSE = 'a Docker engine answers, but neither `docker compose` nor `docker-compose` is installed';

/** The services of the repository's Compose file, when a Docker engine answers. */
export async function findComposeProvider(context: ProviderContext, kind: ServerKind): Promise<Availability> {
  const { root, options, env } = context;
  const file = await readComposeFile(join(root, options.composeFile), env);
  if (!file) return { reason: `there is no ${options.composeFile}` };
  const server = file.servers[kind];
  if (!server) return { reason: `${options.composeFile} has no service whose image is ${kind}` };
  const search = await findDockerEngine(env);
  if ('reason' in search) return search;
  const { engine } = search;
  // Asked now, awaited when the ports are known to be free: it can take a second.
  const command = composeCommand(context);
  const withCommand = async (): Promise<ComposeContext> => {
    const found = await command;
    if (!found) throw new ProviderUnusable(NO_COMPOSE);
    const folder = depsFolder(root, options.stateDirectory);
    return { ...context, engine, command: found, file, server, folder };
  };
  return {
    candidate: {
      kind,
      provider: 'compose',
      detail: `service ${server.service} (${server.image ?? 'built'}) of ${options.composeFile}`,
      preferredPort: preferredPort(options, kind, server.publishedPort),
      problem: async () => ((await command) ? undefined : NO_COMPOSE),
      prepare: async () => prepareImage(await withCommand(), engine),
      start: async (start) => startContainer(await withCommand(), start),
    },
  };
}

const commands = new WeakMap<ProviderContext, Promise<string[] | undefined>>();

/** Looked up once per call: both programs are slow to say that they are there. */
function composeCommand(context: ProviderContext): Promise<string[] | undefined> {
  const known = commands.get(context) ?? findComposeCommand(context.env).catch(() => undefined);
  commands.set(context, known);
  return known;
}

async function prepareImage(context: ComposeContext, { docker }: DockerEngine): Promise<void> {
  const { image } = context.server;
  if (image !== undefined && (await hasImage(docker, image))) return;
  const problem = await obtainImage(context);
  if (problem !== undefined)
    throw new ProviderUnusable(`${image ?? context.server.service} cannot be had: ${problem}`);
}

async function startContainer(
  context: ComposeContext,
  { checkout, port, remember }: StartContext,
): Promise<ServerState> {
  const { server, engine, root } = context;
  const project = composeProject(root, checkout.id);
  const state: ServerState = {
    kind: server.kind,
    provider: 'compose',
    phase: 'starting',
    port,
    user: server.user,
    password: server.password,
    version: 'unknown',
    pinned: false,
    startedAt: new Date().toISOString(),
    container: { id: '', name: '', project, dockerHost: engine.host },
  };
  await remember(state);
  const facts = await composeUp(context, checkout.id, port);
  const named = {
    ...state,
    ...credentialsOf(facts, server),
    port: facts.publishedPort(server.containerPort) ?? port,
    container: { id: facts.id, name: facts.name, project, dockerHost: engine.host },
  };
  await remember(named);
  const version = await waitUntilAnswering(named, context);
  await markServer(endpointOf(named), checkout.id);
  return { ...named, version, phase: 'running' };
}

/** What the container was really made with wins over our reading of the file. */
function credentialsOf(
  { env }: ContainerFacts,
  server: ComposeServer,
): Pick<ServerState, 'user' | 'password'> {
  if (server.kind === 'redis') return { user: undefined, password: server.password };
  return {
    user: env['POSTGRES_USER'] || server.user,
    password: env['POSTGRES_PASSWORD'] || server.password,
  };
}

async function waitUntilAnswering(state: ServerState, { signal }: ComposeContext): Promise<string> {
  let reason = '';
  const facts = await waitUntil(
    () =>
      probeServer(endpointOf(state), 2_000).catch((error: unknown) => {
        reason = messageOf(error);
        return undefined;
      }),
    { timeoutMs: READY_MS, intervalMs: 100, signal },
  );
  if (!facts) throw serverNotReady(state.kind, READY_MS, reason);
  return facts.version;
}
