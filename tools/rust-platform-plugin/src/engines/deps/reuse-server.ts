import { EXIT, PlatformError } from '../../errors';
import { messageOf } from '../message-of';
import type { Checkout } from './checkout-identity';
import { depsFolder, endpointOf, type ServerState } from './deps-state';
import { dockerUnreachable } from './docker-unreachable';
import { findRunningServer } from './find-running-server';
import { portsOf } from './port-registry';
import { markServer, probeServer, type ServerFacts } from './probe-server';
import type { ProviderContext } from './provider';
import { SERVER_NAME } from './server-names';
import { waitUntil } from './wait-until';
import type { ServerKind } from './deps-types';

/** A server that is still starting or recovering is waited for. */
const ANSWER_MS = 20_000;
const ENGINE_MS = 5_000;

/**
 * This checkout's server, when it runs: proven by process or container, by a query, and by the mark in it. `undefined`
 * when there is none. Throws `server-not-answering`, `docker-unreachable` or `foreign-server`: nothing is started beside it.
 */
export async function reuseServer(
  kind: ServerKind,
  noted: ServerState | undefined,
  checkout: Checkout,
  context: Pick<ProviderContext, 'root' | 'options' | 'env' | 'signal'>,
): Promise<ServerState | undefined> {
  const state = noted ?? (await portsOf(checkout.id)).find((entry) => entry.kind === kind)?.state;
  const search = state && (await findRunningServer(state, checkout, context.env, ENGINE_MS));
  if (!search || search.answer === 'not-running') return undefined;
  if (search.answer === 'cannot-tell') {
    const folder = depsFolder(context.root, context.options.stateDirectory);
    throw await dockerUnreachable(state, folder, search.reason, 'and repeat this');
  }
  const running = search.server;
  const stillRuns = async (): Promise<boolean> =>
    (await findRunningServer(running, checkout, context.env)).answer !== 'not-running';
  const facts = await waitForAnswer(running, stillRuns, context.signal);
  if (facts === 'gone') return undefined;
  await assertOwn(running, facts, checkout);
  return { ...running, phase: 'running', version: facts.version };
}

/** `gone`: it was about to end when it was found. */
async function waitForAnswer(
  state: ServerState,
  stillRuns: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<ServerFacts | 'gone'> {
  let reason = '';
  const ask = (): Promise<ServerFacts | undefined> =>
    probeServer(endpointOf(state), 2_000).catch((error: unknown) => {
      reason = messageOf(error);
      return undefined;
    });
  const facts = await waitUntil(async () => (await ask()) ?? ((await stillRuns()) ? undefined : 'gone'), {
    timeoutMs: ANSWER_MS,
    intervalMs: 100,
    signal,
  });
  if (facts) return facts;
  throw new PlatformError({
    code: 'server-not-answering',
    what: `this checkout's ${SERVER_NAME[state.kind]} (${holderOf(state)}) runs but does not answer on port ${state.port}`,
    why: reason,
    fix: `stop it, its data stays: rust-platform deps stop${state.logFile ? `; its log: tail -n 50 ${state.logFile}` : ''}`,
    exitCode: EXIT.preflight,
  });
}

/** The mark proves it. A mark that is gone (FLUSHALL) or came with copied data is renewed when other facts prove the same. */
async function assertOwn(state: ServerState, facts: ServerFacts, checkout: Checkout): Promise<void> {
  if (facts.marker === checkout.id) return;
  if (!provenOtherwise(state, facts)) throw foreign(state);
  await markServer(endpointOf(state), checkout.id);
}

function provenOtherwise(state: ServerState, facts: ServerFacts): boolean {
  if (state.provider === 'compose') return facts.marker === undefined;
  return state.kind === 'postgres'
    ? facts.dataDirectory !== undefined && facts.dataDirectory === state.dataDirectory
    : facts.processId !== undefined && facts.processId === state.identity?.pid;
}

function foreign(state: ServerState): PlatformError {
  return new PlatformError({
    code: 'foreign-server',
    what: `what answers on port ${state.port} is not this checkout's ${SERVER_NAME[state.kind]} (${holderOf(state)})`,
    why: 'its mark names another checkout or none: two servers may share the port on different addresses',
    fix: ['rust-platform deps stop', `then see who else holds the port: ss -ltnp 'sport = :${state.port}'`],
    exitCode: EXIT.preflight,
  });
}

function holderOf({ identity, container }: ServerState): string {
  return identity ? `pid ${identity.pid}` : `container ${container?.name}`;
}
