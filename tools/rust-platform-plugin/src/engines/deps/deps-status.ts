import { realpath } from 'node:fs/promises';
import { redactUrl } from '../../process/redact';
import { messageOf } from '../message-of';
import { peekCheckout, type Checkout } from './checkout-identity';
import { depsFolder, endpointOf, readDepsState, type ServerState } from './deps-state';
import type { DepsStatus, PlatformOptionsLike, ServerKind, ServerStatus } from './deps-types';
import { findRunningServer } from './find-running-server';
import { probeServer } from './probe-server';

/** The servers of this checkout, each asked by a query now. Changes nothing, takes no lock; safe to print as JSON. */
export async function depsStatus(
  workspaceRoot: string,
  options: Pick<PlatformOptionsLike, 'stateDirectory'>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<DepsStatus> {
  const checkout = await peekCheckout(workspaceRoot, options.stateDirectory);
  const root = checkout?.root ?? (await realpath(workspaceRoot));
  const folder = depsFolder(root, options.stateDirectory);
  const state = checkout && (await readDepsState(folder, checkout.id));
  const kinds: ServerKind[] = ['postgres', 'redis'];
  const servers = await Promise.all(
    kinds.map((kind) => {
      const noted = state?.servers[kind];
      return checkout && noted ? statusOf(noted, checkout, env) : stopped(kind);
    }),
  );
  return { checkout: checkout?.id, workspaceRoot: root, servers };
}

async function statusOf(
  noted: ServerState,
  checkout: Checkout,
  env: NodeJS.ProcessEnv,
): Promise<ServerStatus> {
  const search = await findRunningServer(noted, checkout, env);
  if (search.answer === 'not-running')
    return { ...stopped(noted.kind), problem: 'it ended without being stopped' };
  if (search.answer === 'cannot-tell')
    return { ...factsOf(noted), state: 'unknown', problem: `it may run: ${search.reason}` };
  const running = search.server;
  const known = factsOf(running);
  try {
    const { version, marker } = await probeServer(endpointOf(running), 2_000);
    return {
      ...known,
      version,
      ...(marker === checkout.id ? {} : { problem: "it does not bear this checkout's mark" }),
    };
  } catch (error) {
    return { ...known, state: 'not-answering', problem: messageOf(error) };
  }
}

function factsOf(running: ServerState): ServerStatus {
  return {
    kind: running.kind,
    state: 'running',
    provider: running.provider,
    url: redactUrl(endpointOf(running).url),
    port: running.port,
    version: running.version,
    pid: running.identity?.pid,
    container: running.container?.name,
    pinned: running.pinned,
    startedAt: running.startedAt,
    dataDirectory: running.dataDirectory,
    logFile: running.logFile,
    problem: undefined,
  };
}

function stopped(kind: ServerKind): ServerStatus {
  return {
    kind,
    state: 'stopped',
    provider: undefined,
    url: undefined,
    port: undefined,
    version: undefined,
    pid: undefined,
    container: undefined,
    pinned: false,
    startedAt: undefined,
    dataDirectory: undefined,
    logFile: undefined,
    problem: undefined,
  };
}
