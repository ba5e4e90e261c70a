import { parseJestReport } from './jest-report';

const JSON_OF_JEST = {
  numTotalTests: 412,
  numPassedTests: 409,
  numFailedTests: 1,
  numPendingTests: 1,
  numTodoTests: 1,
  numTotalTestSuites: 61,
  numRuntimeErrorTestSuites: 2,
  startTime: 1_795_500_000_000,
  success: false,
};

test('states how many tests really ran', () => {
  expect(parseJestReport(JSON_OF_JEST)).toEqual({
    headline: '412 tests in 61 files: 409 passed, 1 failed, 2 skipped, 2 files did not load',
    notes: ['2 of 412 tests were skipped'],
    startedAt: 1_795_500_000_000,
  });
});

test('says nothing of skipped tests when there are none', () => {
  const report = parseJestReport({
    ...JSON_OF_JEST,
    numPassedTests: 412,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
  });
  expect(report).toMatchObject({ headline: '412 tests in 61 files: 412 passed', notes: [] });
});

test.each([undefined, null, 'text', [], {}, { numTotalTests: '3' }])('%j is no report of Jest', (value) => {
  expect(parseJestReport(value)).toBeUndefined();
});
