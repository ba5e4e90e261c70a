import type { Report } from '../endpoints';
import { loadOfLastMinute, readEnvironment, type KnownEnvironment } from './bench-environment';
import { findFailures, findNotes, type BenchResult } from './bench-result';
import { SETUP_LIMIT_SECONDS, type BenchSettings } from './bench-settings';
import type { LoadOrder } from './load-order';
import { combineRuns } from './run-figures';
import { runLoad } from './run-load';
import type { BenchPlan } from './scenarios';

export interface BenchRequest {
  workspaceRoot: string;
  /** Of the service that is ready, e.g. `http://127.0.0.1:8123`. */
  baseUrl: string;
  plan: BenchPlan;
  settings: BenchSettings;
  environment: KnownEnvironment;
  report: Report;
  signal?: AbortSignal;
}

/**
 * Sends the setup requests, warms up, measures. A result with failures is returned, not thrown.
 * @throws PlatformError `bench-setup-failed`
 */
export async function runBench(request: BenchRequest): Promise<BenchResult> {
  const { plan, settings, report, signal } = request;
  const environment = await readEnvironment(request.workspaceRoot, request.environment);
  const order = orderOf(request);
  const load = await runLoad(order, {
    signal,
    onPhase: (phase) => {
      environment.load.during.push(loadOfLastMinute());
      report(describePhase(order, phase));
    },
  });
  environment.load.after = loadOfLastMinute();
  const measured = load.runs.length > 0 ? load.runs : load.warmup ? [load.warmup] : [];
  const combined = combineRuns(measured);
  return {
    schemaVersion: 1,
    settings,
    plan,
    setup: load.setup,
    warmup: load.warmup,
    runs: load.runs,
    combined,
    environment,
    failures: findFailures(combined, load.runs.length, settings.runs),
    notes: findNotes(plan, load.warmup, combined),
  };
}

function orderOf({ baseUrl, plan, settings }: BenchRequest): LoadOrder {
  const { connections, timeout, warmup, runs, duration, profile } = settings;
  const run = { kind: 'run' as const, seconds: duration };
  return {
    target: { baseUrl, scenarios: plan.scenarios, connections, timeoutSeconds: timeout },
    setup: plan.setup,
    setupLimitSeconds: SETUP_LIMIT_SECONDS[profile],
    phases: [
      ...(warmup > 0 ? [{ kind: 'warmup' as const, seconds: warmup }] : []),
      ...Array.from({ length: runs }, () => run),
    ],
  };
}

function describePhase(order: LoadOrder, phase: number): string {
  const { kind, seconds } = order.phases[phase] ?? { kind: 'run', seconds: 0 };
  if (kind === 'warmup') return `warming up for ${seconds} s`;
  const number = order.phases.slice(0, phase + 1).filter((other) => other.kind === 'run').length;
  const runs = order.phases.filter((other) => other.kind === 'run').length;
  return `run ${number} of ${runs}: ${seconds} s`;
}
