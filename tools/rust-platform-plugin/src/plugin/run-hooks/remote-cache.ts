import type { ProbeAnswer } from './remote-cache-probe';

const SERVER = 'NX_SELF_HOSTED_REMOTE_CACHE_SERVER';
const TOKEN = 'NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN';
const LIMIT = 'RUST_PLATFORM_REMOTE_CACHE_TIMEOUT_MS';
const DEFAULT_LIMIT_MS = 300;

/**
 * Asks Nx's remote cache server for an entry that nobody has, before Nx does: Nx stops the whole run for every answer but
 * 200 and 404, and waits for ever for one that never comes. Then the variable is emptied, so that the run goes on with the
 * local cache, and the sentence that says so is returned. Never throws; `RUST_PLATFORM_REMOTE_CACHE_TIMEOUT_MS` replaces the
 * 300 ms that all of it may take.
 */
export async function checkRemoteCache(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const server = env[SERVER];
  if (!server) return undefined;
  const limitMs = limitOf(env);
  // Loaded only here: most runs have no remote cache.
  const { askServer } = require('./remote-cache-probe') as typeof import('./remote-cache-probe');
  const problem = problemOf(await askServer({ server, token: env[TOKEN], env, limitMs }), env, limitMs);
  if (problem === undefined) return undefined;
  env[SERVER] = '';
  return `the remote cache was not used, this run had its local cache only: ${problem}`;
}

function problemOf(answer: ProbeAnswer, env: NodeJS.ProcessEnv, limitMs: number): string | undefined {
  const { host } = answer;
  if ('silence' in answer) {
    const silence = answer.silence ?? `did not answer within ${limitMs} ms (${LIMIT} allows more)`;
    return host === undefined ? `${SERVER} ${silence}` : `${host} ${silence}; start it, or unset ${SERVER}`;
  }
  const { status } = answer;
  // Some servers send every download elsewhere, whether they have it or not.
  if (status === undefined || status === 200 || status === 404 || (status >= 300 && status < 400))
    return undefined;
  if (status === 401 || status === 403) {
    const fix = env[TOKEN] ? `does not accept ${TOKEN}: set a valid one` : `asks for a token: set ${TOKEN}`;
    return `${host} ${fix} (it answered ${status})`;
  }
  return `${host} answered ${status}: is ${SERVER} the address of a remote cache of Nx?`;
}

function limitOf(env: NodeJS.ProcessEnv): number {
  const given = Number(env[LIMIT]);
  return Number.isFinite(given) && given > 0 ? given : DEFAULT_LIMIT_MS;
}
