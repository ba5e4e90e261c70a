import { findFailures, findNotes } from './bench-result';
import { formatHeadline, formatMs, formatTable } from './format-bench';
import { LoadRecorder } from './load-recorder';
import { combineRuns, type RunFigures } from './run-figures';
import { healthPlan, type Scenario } from './scenarios';

const base = healthPlan('/').scenarios[0] as Scenario;
const scenarios: Scenario[] = [
  { ...base, name: 'read', weight: 3 },
  { ...base, name: 'create', expect: [201] },
];

function runOf(latencies: number[], record: (recorder: LoadRecorder) => void = () => undefined): RunFigures {
  const recorder = new LoadRecorder(scenarios);
  for (const latency of latencies) recorder.response(0, 200, 100, latency);
  recorder.response(1, 201, 50, 1000);
  record(recorder);
  return recorder.figures(2, 0.5, false);
}

describe('combineRuns', () => {
  it('adds counts and histograms, and takes throughput over the whole time', () => {
    const combined = combineRuns([
      runOf([300, 300, 300]),
      runOf([500], (recorder) => {
        recorder.response(1, 500, 10, 1);
        recorder.error('timeout');
      }),
    ]);
    expect(combined).toMatchObject({
      seconds: 4,
      requests: 6,
      requestsPerSecond: 1.5,
      bytes: 510,
      unexpected: 1,
      errors: { timeout: 1 },
      latency: { count: 6, min: 300, p50: 300, max: 1000 },
      scenarios: [
        { name: 'read', requests: 4, statuses: { 200: 4 }, unexpected: 0 },
        { name: 'create', requests: 2, statuses: { 201: 2, 500: 1 }, unexpected: 1 },
      ],
    });
  });
});

describe('findFailures', () => {
  it('finds none in a clean result', () => {
    expect(findFailures(combineRuns([runOf([1])]), 1, 1)).toEqual([]);
  });

  it('names errors by kind, statuses by scenario and what never succeeded', () => {
    const recorder = new LoadRecorder(scenarios);
    recorder.response(0, 404, 1, 1);
    for (const kind of ['closed', 'ECONNRESET', 'ECONNRESET', 'timeout', 'timeout']) recorder.error(kind);
    recorder.reclassify('timeout', 'closed');
    expect(findFailures(recorder.figures(1, 0, true), 0, 2)).toEqual([
      '5 requests failed: 2 × connection closed by the server without an answer, 2 × ECONNRESET, 1 × timeout',
      "scenario 'read': 1 response with an unexpected status (1 × 404)",
      'not a single request succeeded',
      '2 of 2 runs left out: nothing succeeded before',
    ]);
  });

  it('names a scenario that never succeeded beside others that did', () => {
    const recorder = new LoadRecorder(scenarios);
    recorder.response(0, 200, 1, 1);
    recorder.response(1, 200, 1, 1);
    expect(findFailures(recorder.figures(1, 0, false), 1, 1)).toEqual([
      "scenario 'create': 1 response with an unexpected status (1 × 200)",
      "scenario 'create': not a single request succeeded",
    ]);
  });
});

describe('findNotes', () => {
  const plan = { setup: [], scenarios, source: 'file' as const };

  it('says when the load generator measures itself', () => {
    const combined = { ...runOf([1]), generatorUtilization: 0.97 };
    expect(findNotes(plan, undefined, combined)).toEqual([
      expect.stringMatching(/^generator-bound: .* 97 %/),
    ]);
    expect(findNotes(plan, undefined, { ...combined, generatorUtilization: 0.8 })).toEqual([]);
  });

  it('says which scenario had no turn', () => {
    const recorder = new LoadRecorder(scenarios);
    recorder.response(0, 200, 1, 1);
    const combined = recorder.figures(1, 0, false);
    expect(findFailures(combined, 1, 1)).toEqual([]);
    expect(findNotes(plan, undefined, combined)).toEqual([
      "scenario 'create' was never sent: its weight is too small for 1 request",
    ]);
  });

  it('says that only the health URL was asked, and what failed in the warm-up', () => {
    const warmup = runOf([1], (recorder) => recorder.error('timeout'));
    expect(findNotes(healthPlan('/health'), warmup, runOf([1]))).toEqual([
      expect.stringContaining('only the health URL was asked'),
      '1 request failed in the warm-up',
    ]);
  });
});

describe('formatting', () => {
  it.each([
    [54, '0.054 ms'],
    [310, '0.31 ms'],
    [1240, '1.24 ms'],
    [12_400, '12.4 ms'],
    [2_310_000, '2,310 ms'],
    [undefined, '–'],
  ])('%s µs is %s', (microseconds, text) => {
    expect(formatMs(microseconds)).toBe(text);
  });

  it('has a headline with figures and no verdict', () => {
    const combined = { ...runOf([310, 310, 310, 310]), requestsPerSecond: 41_200.4 };
    expect(formatHeadline({ combined })).toBe('41,200 req/s, p50 0.31 ms, p99 1.00 ms, 0 errors');
  });

  it('aligns the table', () => {
    const runs = [runOf([310]), runOf([12_400, 12_400], (recorder) => recorder.error('timeout'))];
    const lines = formatTable({ runs, combined: combineRuns(runs), warmup: undefined });
    expect(lines).toEqual([
      '          requests  req/s      p50      p90      p99    p99.9      max  errors',
      'run 1            2    1.0  0.31 ms  1.00 ms  1.00 ms  1.00 ms  1.00 ms       0',
      'run 2            3    1.5  12.4 ms  12.4 ms  12.4 ms  12.4 ms  12.4 ms       1',
      'all runs         5    1.3  1.00 ms  12.4 ms  12.4 ms  12.4 ms  12.4 ms       1',
      'read             3    0.8  12.4 ms  12.4 ms  12.4 ms  12.4 ms  12.4 ms       0',
      'create           2    0.5  1.00 ms  1.00 ms  1.00 ms  1.00 ms  1.00 ms       0',
    ]);
  });
});
