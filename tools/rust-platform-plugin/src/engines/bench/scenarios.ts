/** What `bench/scenarios.toml` says, checked. Texts may hold the placeholders of `compileTemplate`. */
export interface BenchPlan {
  /** Requests sent once before the warm-up, in this order. */
  setup: SetupRequest[];
  /** At least one. */
  scenarios: Scenario[];
  /** `health`: there is no scenario file, so only the health URL is asked. */
  source: 'file' | 'health';
}

export interface BenchRequest {
  name: string;
  method: BenchMethod;
  /** Starts with `/`. */
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** Statuses that count as success; `undefined`: any 2xx. */
  expect: number[] | undefined;
}

export interface SetupRequest extends BenchRequest {
  /** Sent so often, with `{{n}}` from 0 to `repeat` - 1. */
  repeat: number;
}

export interface Scenario extends BenchRequest {
  /** Share of the requests, relative to the sum of all weights. */
  weight: number;
}

/** HEAD is missing: the load generator cannot tell where its response ends. */
export const BENCH_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type BenchMethod = (typeof BENCH_METHODS)[number];

export function isExpected(status: number, expect: readonly number[] | undefined): boolean {
  return expect ? expect.includes(status) : status >= 200 && status < 300;
}

/** For a service without a scenario file. */
export function healthPlan(path: string): BenchPlan {
  const scenario: Scenario = {
    name: 'health',
    method: 'GET',
    path,
    headers: {},
    body: undefined,
    expect: undefined,
    weight: 1,
  };
  return { setup: [], scenarios: [scenario], source: 'health' };
}
