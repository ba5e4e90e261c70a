/** What a Jest project says with `jest --json --outputFile=reports/<project>/test.json`. */
export interface JestReport {
  headline: string;
  notes: string[];
  /** Milliseconds since the epoch. */
  startedAt: number;
}

interface JestJson {
  numTotalTests: number;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests?: number;
  numTotalTestSuites: number;
  numRuntimeErrorTestSuites?: number;
  startTime: number;
}

/** `undefined` when the value is something else. */
export function parseJestReport(value: unknown): JestReport | undefined {
  if (!isJestJson(value)) return undefined;
  const skipped = value.numPendingTests + (value.numTodoTests ?? 0);
  const broken = value.numRuntimeErrorTestSuites ?? 0;
  const parts = [
    `${value.numTotalTests} tests in ${value.numTotalTestSuites} files: ${value.numPassedTests} passed`,
    ...(value.numFailedTests > 0 ? [`${value.numFailedTests} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(broken > 0 ? [`${broken} files did not load`] : []),
  ];
  return {
    headline: parts.join(', '),
    notes: skipped > 0 ? [`${skipped} of ${value.numTotalTests} tests were skipped`] : [],
    startedAt: value.startTime,
  };
}

function isJestJson(value: unknown): value is JestJson {
  const json = value as Partial<JestJson> | null | undefined;
  return [json?.numTotalTests, json?.numPassedTests, json?.numFailedTests, json?.numPendingTests]
    .concat(json?.numTotalTestSuites, json?.startTime)
    .every((number) => typeof number === 'number');
}
