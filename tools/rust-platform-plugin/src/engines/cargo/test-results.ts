/** One test as any runner reports it. */
export interface TestCase {
  name: string;
  status: 'passed' | 'failed' | 'error' | 'skipped';
  durationMs: number;
  /** One line: why it failed or was ignored. */
  message?: string;
  /** Captured output of a failed test. */
  output?: string;
}

/** The tests of one binary, or the doc tests of the library. */
export interface TestSuite {
  /** e.g. `links`, `links::api`, `links::bin/links`, `links::doc`. */
  name: string;
  durationMs: number;
  cases: TestCase[];
}

export interface TestCounts {
  passed: number;
  failed: number;
  ignored: number;
}

export function countTests(suites: readonly TestSuite[]): TestCounts {
  const cases = suites.flatMap((suite) => suite.cases);
  const amount = (...statuses: Array<TestCase['status']>): number =>
    cases.filter(({ status }) => statuses.includes(status)).length;
  return { passed: amount('passed'), failed: amount('failed', 'error'), ignored: amount('skipped') };
}

export function addCounts(a: TestCounts, b: TestCounts): TestCounts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, ignored: a.ignored + b.ignored };
}
