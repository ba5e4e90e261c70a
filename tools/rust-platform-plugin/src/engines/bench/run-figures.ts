import { mergeLatencies, type LatencyFigures } from './latency-histogram';

/** What one phase of load did: the warm-up, one run, or all runs together. */
export interface RunFigures {
  seconds: number;
  /** Responses with an expected status. Only these count as throughput and have a latency. */
  requests: number;
  requestsPerSecond: number;
  /** Bytes of all responses, headers included. */
  bytes: number;
  /** Responses with a status that the scenario does not expect. */
  unexpected: number;
  /**
   * Requests without a response, by kind: `timeout`, `closed` (the server closed the connection), `unanswered` (still
   * open at the end of the run, for long), else the code of the system, e.g. `ECONNREFUSED`.
   */
  errors: Record<string, number>;
  /** `undefined` without a single expected response. */
  latency: LatencyFigures | undefined;
  /** Share of the time in which the load generator was busy; near 1 it measures itself. */
  generatorUtilization: number;
  /** More errors than made sense to go on. */
  stoppedEarly: boolean;
  /** In the order of the plan. */
  scenarios: ScenarioFigures[];
}

export interface ScenarioFigures {
  name: string;
  requests: number;
  /** Responses by status, expected or not. */
  statuses: Record<string, number>;
  unexpected: number;
  latency: LatencyFigures | undefined;
}

export function errorCount(figures: Pick<RunFigures, 'errors'>): number {
  return Object.values(figures.errors).reduce((sum, count) => sum + count, 0);
}

/** @param runs at least one, of the same plan */
export function combineRuns(runs: readonly RunFigures[]): RunFigures {
  const seconds = sumOf(runs, (run) => run.seconds);
  const requests = sumOf(runs, (run) => run.requests);
  return {
    seconds,
    requests,
    requestsPerSecond: seconds > 0 ? requests / seconds : 0,
    bytes: sumOf(runs, (run) => run.bytes),
    unexpected: sumOf(runs, (run) => run.unexpected),
    errors: addCounts(runs.map((run) => run.errors)),
    latency: mergeLatencies(runs.map((run) => run.latency)),
    generatorUtilization: Math.max(...runs.map((run) => run.generatorUtilization)),
    stoppedEarly: runs.some((run) => run.stoppedEarly),
    scenarios: (runs[0]?.scenarios ?? []).map(({ name }, index) =>
      combineScenario(
        name,
        runs.flatMap((run) => run.scenarios[index] ?? []),
      ),
    ),
  };
}

function combineScenario(name: string, parts: ScenarioFigures[]): ScenarioFigures {
  return {
    name,
    requests: sumOf(parts, (part) => part.requests),
    statuses: addCounts(parts.map((part) => part.statuses)),
    unexpected: sumOf(parts, (part) => part.unexpected),
    latency: mergeLatencies(parts.map((part) => part.latency)),
  };
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

function addCounts(parts: Array<Record<string, number>>): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [key, count] of parts.flatMap((part) => Object.entries(part)))
    sum[key] = (sum[key] ?? 0) + count;
  return sum;
}
