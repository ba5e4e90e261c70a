import { realpath } from 'node:fs/promises';
import { describeProcess, whoListens } from '../../process/process-facts';
import { identityOf, isAlive, type ProcessIdentity } from '../../process/process-identity';
import { findOwnContainers, inspectContainer } from '../docker/containers';
import { findDockerEngine } from '../docker/find-docker-engine';
import { findPostmaster } from '../postgres/postmaster-pid';
import type { Checkout } from './checkout-identity';
import type { ServerState } from './deps-state';

/**
 * The server behind a state entry, proven to be that one: its process by start time or by its working directory, its
 * container by id and label. `undefined` when it does not run any more. An entry of a killed starter is completed.
 */
export async function findRunningServer(
  state: ServerState,
  checkout: Checkout,
  env: NodeJS.ProcessEnv,
): Promise<ServerState | undefined> {
  return state.provider === 'compose' ? findContainer(state, checkout, env) : findLocalServer(state);
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

async function findContainer(
  state: ServerState,
  checkout: Checkout,
  env: NodeJS.ProcessEnv,
): Promise<ServerState | undefined> {
  const host = state.container?.dockerHost;
  const search = await findDockerEngine({ ...env, ...(host ? { DOCKER_HOST: host } : {}) });
  if ('reason' in search) return undefined;
  const { docker } = search.engine;
  const id = state.container?.id;
  const found = id
    ? await inspectContainer(docker, id)
    : (await findOwnContainers(docker, checkout.id, state.kind))[0];
  if (!found?.running || found.checkout !== checkout.id || !state.container) return undefined;
  const port = found.publishedPort(state.kind === 'postgres' ? 5432 : 6379);
  return {
    ...state,
    port: port ?? state.port,
    container: { ...state.container, id: found.id, name: found.name },
  };
}
