import { join } from 'node:path';
import type { ProcessIdentity } from '../../process/process-identity';
import type { ServerEndpoint } from '../endpoints';
import { formatPostgresUrl } from '../postgres/postgres-url';
import { formatRedisUrl } from '../redis/redis-url';
import type { Provider, ServerKind } from './deps-types';
import { readJson, writeJson } from './write-json';

/** A server that this checkout started, as kept in `<state>/deps/state.json`. */
export interface ServerState {
  kind: ServerKind;
  provider: Exclude<Provider, 'given'>;
  /** `starting` stays behind when its starter was killed; whoever comes next finds the server by its data folder. */
  phase: 'starting' | 'running';
  port: number;
  user: string | undefined;
  password: string | undefined;
  version: string;
  /** Asked for by name: not stopped with the runs that use it. */
  pinned: boolean;
  /** ISO 8601. */
  startedAt: string;
  /** Process of a local or embedded server. */
  identity?: ProcessIdentity;
  /** Folder with the server's data (local and embedded); its process has it as working directory. */
  dataDirectory?: string;
  logFile?: string;
  container?: { id: string; name: string; project: string; dockerHost: string };
}

export interface DepsState {
  schemaVersion: 1;
  /** Id of the checkout that wrote it: the state of a copied folder counts for nothing. */
  checkout: string;
  servers: Partial<Record<ServerKind, ServerState>>;
  /** Provider of the last server that was stopped; where its data is. */
  last: Partial<Record<ServerKind, { provider: Provider; dataDirectory?: string }>>;
}

export const DEPS_HOST = '127.0.0.1';

export function depsFolder(root: string, stateDirectory: string): string {
  return join(root, stateDirectory, 'deps');
}

export async function readDepsState(folder: string, checkout: string): Promise<DepsState> {
  const stored = (await readJson(join(folder, 'state.json'))) as Partial<DepsState> | undefined;
  const fresh: DepsState = { schemaVersion: 1, checkout, servers: {}, last: {} };
  if (stored?.schemaVersion !== 1 || stored.checkout !== checkout) return fresh;
  return { ...fresh, servers: stored.servers ?? {}, last: stored.last ?? {} };
}

export async function writeDepsState(folder: string, state: DepsState): Promise<void> {
  await writeJson(join(folder, 'state.json'), state);
}

export function endpointOf(state: ServerState): ServerEndpoint {
  const { kind, provider, port, user, password, version } = state;
  const host = DEPS_HOST;
  const url =
    kind === 'postgres'
      ? formatPostgresUrl({ host, port, user: user ?? 'postgres', password, database: 'postgres' })
      : formatRedisUrl({ host, port, user, password, database: 0 });
  return { kind, provider, host, port, user, password, url, version, owned: true };
}
