import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError, combineExitCodes, formatError } from '../../errors';
import { checkCargo } from './check-cargo';
import { checkCargoTools } from './check-cargo-tools';
import { checkDisk } from './check-disk';
import { checkLocks } from './check-locks';
import { checkNode } from './check-node';
import type { Check, CheckResult, PreflightReport, PreflightRequest } from './preflight-types';

/** All checks together take about 0.2 s; one that hangs (a sleeping Docker engine, a network disk) is given up. */
const LONGEST_CHECK_MS = 3_000;

/** The engines of the servers take 0.3 s to load: only for a plan that needs one. */
const load = createRequire(__filename);

const CHECKS: ReadonlyArray<{ name: string; check: Check }> = [
  { name: 'node', check: checkNode },
  { name: 'cargo', check: checkCargo },
  { name: 'cargo tools', check: checkCargoTools },
  { name: 'lock file', check: checkLocks },
  {
    name: 'servers',
    check: async (request) => {
      if (request.servers.length === 0) return [];
      return (load('./check-servers') as typeof import('./check-servers')).checkServers(request);
    },
  },
  {
    name: 'ports',
    check: async (request) => {
      if (request.ports.length === 0) return [];
      return (load('./check-ports') as typeof import('./check-ports')).checkPorts(request);
    },
  },
  { name: 'disk', check: checkDisk },
];

/** Looks at everything that the plan needs, all at once, and changes nothing. Never throws for a finding. */
export async function runPreflight(request: PreflightRequest): Promise<PreflightReport> {
  const started = performance.now();
  const results = await Promise.all(CHECKS.map(({ name, check }) => settle(name, check, request)));
  return { checks: results.flat(), durationMs: performance.now() - started };
}

/** 0 when the plan can start; else by the table of the interface: 4, or 2 for wrong configuration. */
export function preflightExitCode({ checks }: PreflightReport): number {
  return combineExitCodes(checks.map((check) => (check.state === 'problem' ? check.error.exitCode : 0)));
}

async function settle(name: string, check: Check, request: PreflightRequest): Promise<CheckResult[]> {
  const given = request.signal;
  const limit = new AbortController();
  const signal = given ? AbortSignal.any([given, limit.signal]) : limit.signal;
  const tooLate = delay(LONGEST_CHECK_MS, undefined, { signal })
    .then(() => [note(name, `not checked: no answer within ${LONGEST_CHECK_MS / 1000} s`)])
    .catch(() => []);
  try {
    const found = await Promise.race([check({ ...request, signal }), tooLate]);
    given?.throwIfAborted();
    return found;
  } catch (error) {
    given?.throwIfAborted();
    if (error instanceof PlatformError) return [{ name, state: 'problem', detail: error.what, error }];
    return [note(name, `not checked: ${formatError(error)}`)];
  } finally {
    limit.abort();
  }
}

function note(name: string, detail: string): CheckResult {
  return { name, state: 'note', detail };
}
