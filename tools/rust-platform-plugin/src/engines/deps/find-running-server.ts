import { realpath } from 'node:fs/promises';
import { describeProcess, whoListens } from '../../process/process-facts';
import { identityOf, isAlive, type ProcessIdentity } from '../../process/process-identity';
import { findOwnContainers, inspectContainer } from '../docker/containers';
import { findDockerEngine } from '../docker/find-docker-engine';
import { messageOf } from '../message-of';
import { findPostmaster } from '../postgres/postmaster-pid';
import type { Checkout } from './checkout-identity';
import type { ServerState } from './deps-state';

export type ServerSearch =
  | { answer: 'running'; server: ServerState }
  | { answer: 'not-running' }
  /** Its Docker engine does not answer, or another one answers that does not know it. */
  | { answer: 'cannot-tell'; reason: string };

/**
 * The server behind a state entry, proven to be that one: its process by start time or by its working directory, its
 * container by id and label. An entry of a killed starter is completed.
 */
export async function findRunningServer(
  state: ServerState,
  checkout: Checkout,
  env: NodeJS.ProcessEnv,
  engineTimeoutMs = 1_000,
): Promise<ServerSearch> {
  if (state.provider === 'compose') return findContainer(state, checkout, env, engineTimeoutMs);
  const server = await findLocalServer(state);
  return server ? { answer: 'running', server } : { answer: 'not-running' };
}

async function findLocalServer(state: ServerState): Promise<ServerState | undefined> {
  if (state.identity && (await isAlive(state.identity))) return state;
  if (state.dataDirectory === undefined) return undefined;
  if (state.kind === 'postgres') {
    const found = await findPostmaster(state.dataDirectory);
    return found && { ...state, identity: found.identity, port: found.port };
  }
  const identity = await redisOn(state.port, state.dataDirectory);
  return identity && { ...state, identity };
}

/** A listening process that works in the data folder: Redis keeps no pid file of use after a crash. */
async function redisOn(port: number, dataDirectory: string): Promise<ProcessIdentity | undefined> {
  const folder = await realpath(dataDirectory).catch(() => undefined);
  for (const { pid } of folder === undefined ? [] : await whoListens(port)) {
    const facts = pid === undefined ? undefined : await describeProcess(pid);
    if (facts && facts.cwd === folder) return identityOf(facts.pid);
  }
  return undefined;
}

/** Asked is the engine that made it; when that is silent also the one of DOCKER_HOST, whose "no" then says nothing. */
async function findContainer(
  state: ServerState,
  checkout: Checkout,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<ServerSearch> {
  const noted = state.container?.dockerHost || undefined;
  const first = await askEngine(state, checkout, noted ? { ...env, DOCKER_HOST: noted } : env, timeoutMs);
  if (first.answer !== 'cannot-tell' || !noted || !env['DOCKER_HOST'] || env['DOCKER_HOST'] === noted)
    return first;
  const second = await askEngine(state, checkout, env, timeoutMs);
  return second.answer === 'running' ? second : first;
}

async function askEngine(
  state: ServerState,
  checkout: Checkout,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<ServerSearch> {
  const search = await findDockerEngine(env, timeoutMs);
  if ('reason' in search) return { answer: 'cannot-tell', reason: search.reason };
  const { docker, host } = search.engine;
  const id = state.container?.id;
  try {
    const found = id
      ? await inspectContainer(docker, id)
      : (await findOwnContainers(docker, checkout.id, state.kind))[0];
    if (!found?.running || found.checkout !== checkout.id || !state.container)
      return { answer: 'not-running' };
    const port = found.publishedPort(state.kind === 'postgres' ? 5432 : 6379) ?? state.port;
    const container = { ...state.container, id: found.id, name: found.name, dockerHost: host };
    return { answer: 'running', server: { ...state, port, container } };
  } catch (error) {
    return { answer: 'cannot-tell', reason: `the Docker engine at ${host}: ${messageOf(error)}` };
  }
}
