import type { BenchEnvironment } from './bench-environment';
import type { BenchSettings } from './bench-settings';
import { errorCount, type RunFigures } from './run-figures';
import type { BenchPlan } from './scenarios';
import type { SetupFigures } from './send-setup';

/** `data` of the report of `bench`, written to `reports/<project>/bench.json`. Latencies are in microseconds. */
export interface BenchResult {
  schemaVersion: 1;
  settings: BenchSettings;
  plan: BenchPlan;
  setup: SetupFigures | undefined;
  /** Discarded: the same load for `settings.warmup` seconds before the first run. */
  warmup: RunFigures | undefined;
  runs: RunFigures[];
  /** Histograms added, counts summed, throughput over the whole time. */
  combined: RunFigures;
  environment: BenchEnvironment;
  /** Why the result is no success, one sentence each; empty: it is one. Says nothing about fast or slow. */
  failures: string[];
  /** What a reader must know to judge the figures. */
  notes: string[];
}

/** A busy generator adds its own waiting time to every latency. */
const GENERATOR_BOUND = 0.9;

export function findFailures(combined: RunFigures, runs: number, ordered: number): string[] {
  const failures: string[] = [];
  const errors = errorCount(combined);
  if (errors > 0) failures.push(`${count(errors, 'request')} failed: ${describeErrors(combined)}`);
  for (const { name, unexpected, statuses } of combined.scenarios) {
    if (unexpected === 0) continue;
    const seen = Object.entries(statuses).map(([status, times]) => `${times} × ${status}`);
    failures.push(
      `scenario '${name}': ${count(unexpected, 'response')} with an unexpected status (${seen.join(', ')})`,
    );
  }
  if (combined.requests === 0) failures.push('not a single request succeeded');
  for (const { name, requests, statuses } of combined.scenarios) {
    const wasSent = Object.keys(statuses).length > 0;
    if (requests === 0 && combined.requests > 0 && wasSent)
      failures.push(`scenario '${name}': not a single request succeeded`);
  }
  if (runs < ordered)
    failures.push(`${ordered - runs} of ${count(ordered, 'run')} left out: nothing succeeded before`);
  return failures;
}

export function findNotes(plan: BenchPlan, warmup: RunFigures | undefined, combined: RunFigures): string[] {
  const notes: string[] = [];
  if (plan.source === 'health') {
    notes.push('no bench/scenarios.toml: only the health URL was asked, which says little about the service');
  }
  if (combined.generatorUtilization > GENERATOR_BOUND) {
    const busy = Math.round(combined.generatorUtilization * 100);
    notes.push(
      `generator-bound: the load generator was busy ${busy} % of the time, so the service may be faster than shown`,
    );
  }
  if (warmup && errorCount(warmup) + warmup.unexpected > 0) {
    notes.push(`${count(errorCount(warmup) + warmup.unexpected, 'request')} failed in the warm-up`);
  }
  for (const { name, statuses } of combined.scenarios) {
    if (Object.keys(statuses).length > 0 || combined.requests === 0) continue;
    notes.push(
      `scenario '${name}' was never sent: its weight is too small for ${count(combined.requests, 'request')}`,
    );
  }
  if (combined.stoppedEarly) notes.push('a run was stopped early: too many errors');
  return notes;
}

function describeErrors({ errors }: RunFigures): string {
  return Object.entries(errors)
    .map(([kind, times]) => `${times} × ${EXPLANATIONS[kind] ?? kind}`)
    .join(', ');
}

const EXPLANATIONS: Record<string, string> = {
  timeout: 'timeout',
  closed: 'connection closed by the server without an answer',
  unanswered: 'still unanswered at the end of the run',
};

function count(times: number, noun: string): string {
  return `${times.toLocaleString('en-US')} ${noun}${times === 1 ? '' : 's'}`;
}
