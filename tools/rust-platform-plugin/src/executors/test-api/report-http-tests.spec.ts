import type { HttpTest } from '../../engines/http-tests/judge-steps';
import { formatFailure, headlineOf } from './report-http-tests';
import { normalizeOptions } from './normalize-options';

const TEST: HttpTest = {
  file: 'services/a/api/a.http',
  line: 7,
  name: 'create',
  request: 'POST /links',
  durationMs: 3,
  assertions: 1,
  outcome: 'failed',
  error: 'status (500) == 201\nbody id exists',
  response: '500 broken',
};

describe('formatFailure', () => {
  it('names place, request, reasons and answer', () => {
    expect(formatFailure(TEST)).toEqual([
      'failed: services/a/api/a.http:7 create (POST /links)',
      '    status (500) == 201',
      '    body id exists',
      '    response: 500 broken',
    ]);
  });

  it('does not repeat a request that is its own name, and knows whole files', () => {
    expect(formatFailure({ ...TEST, name: 'POST /links', response: undefined })[0]).toBe(
      'failed: services/a/api/a.http:7 POST /links',
    );
    expect(formatFailure({ ...TEST, line: 0, name: 'the file', request: '' })[0]).toBe(
      'failed: services/a/api/a.http the file',
    );
  });

  it('says nothing of what did not fail', () => {
    expect(formatFailure({ ...TEST, outcome: 'passed' })).toEqual([]);
  });
});

test('headlineOf', () => {
  const result = { assertions: 9, tests: [], notes: [], durationMs: 1 };
  expect(headlineOf({ ...result, passed: 24, failed: 0, skipped: 0 })).toBe('24 passed, 0 failed');
  expect(headlineOf({ ...result, passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
});

test('normalizeOptions: seconds to milliseconds, 10 s by default', () => {
  expect(normalizeOptions({}, {})).toEqual({ requestTimeoutMs: 10_000, allowRemote: false });
  expect(normalizeOptions({ timeout: 0.5, allowRemote: true }, {})).toEqual({
    requestTimeoutMs: 500,
    allowRemote: true,
  });
});
