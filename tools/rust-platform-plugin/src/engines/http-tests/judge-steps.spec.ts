import type { HttpAssertion, HttpStep } from './http-order';
import { countTests, judgeSteps, type FileFacts } from './judge-steps';

const FILE = '/w/api/a.http';
const facts = (change: Partial<FileFacts> = {}): FileFacts => ({
  file: FILE,
  requests: 1,
  blank: false,
  ...change,
});
const ok: HttpAssertion = { outcome: 'passed', message: 'status == 200' };
const bad: HttpAssertion = { outcome: 'failed', message: 'status (500) == 200' };

function step(change: Partial<HttpStep> = {}): HttpStep {
  return {
    file: FILE,
    line: 3,
    name: 'health',
    request: 'GET http://127.0.0.1:8080/health?a=http://x',
    status: 200,
    durationMs: 4,
    assertions: [ok],
    excerpt: 'fine',
    ...change,
  };
}

const judge = (steps: HttpStep[], files = [facts()]) =>
  judgeSteps(steps, files, (text) => text.replace('s3cret', '***'));

describe('judgeSteps', () => {
  it('passes a request whose assertions hold, and shows it without its host', () => {
    expect(judge([step({ assertions: [ok, ok] })])).toEqual([
      {
        file: FILE,
        line: 3,
        name: 'health',
        request: 'GET /health?a=http://x',
        durationMs: 4,
        assertions: 2,
        outcome: 'passed',
        error: undefined,
        response: undefined,
      },
    ]);
  });

  it('fails a request with one broken assertion and shows the answer, without secrets', () => {
    const [test] = judge([step({ assertions: [ok, bad], status: 500, excerpt: 'broken: s3cret' })]);
    expect(test).toMatchObject({
      outcome: 'failed',
      error: 'status (500) == 200',
      response: '500 broken: ***',
    });
  });

  it('cuts a long answer', () => {
    const [test] = judge([step({ assertions: [bad], excerpt: 'x'.repeat(2000) })]);
    expect(test?.response).toHaveLength('200 '.length + 401);
  });

  it('fails a request that could not be sent, with the reason once', () => {
    const error: HttpAssertion = { outcome: 'error', message: 'socket hang up' };
    const [test] = judge([
      step({ status: undefined, assertions: [error, error], request: 'GET {{host}}/die' }),
    ]);
    expect(test).toMatchObject({
      outcome: 'failed',
      error: 'socket hang up',
      response: undefined,
      request: 'GET /die',
    });
  });

  it('skips what was disabled', () => {
    const [test] = judge([step({ assertions: [{ outcome: 'skipped', message: 'off' }] })]);
    expect(test?.outcome).toBe('skipped');
  });

  it('takes a request without assertions for a step, beside one with', () => {
    const tests = judge([step({ assertions: [] }), step()]);
    expect(tests.map(({ outcome }) => outcome)).toEqual(['unasserted', 'passed']);
    expect(countTests(tests, 5)).toMatchObject({
      passed: 1,
      failed: 0,
      assertions: 1,
      notes: ['1 request asserts nothing'],
    });
  });

  it.each([
    [
      'asserts nothing',
      [step({ assertions: [] })],
      facts(),
      'no assertions ran: add one, e.g. `?? status == 200`',
    ],
    ['holds no request', [], facts({ requests: 0 }), 'no request was found in the file'],
    ['was not run to its end', [step()], facts({ requests: undefined }), 'the file was not run to its end'],
  ])('fails a file that %s', (_, steps, file, error) => {
    const tests = judge(steps, [file]);
    expect(tests.at(-1)).toMatchObject({ outcome: 'failed', line: 0, error });
  });

  it('accepts a file of comments', () => {
    expect(judge([], [facts({ requests: 0, blank: true })])).toEqual([]);
  });

  it('keeps the order of the files', () => {
    const other = '/w/api/b.http';
    const tests = judge([step({ file: other }), step()], [facts(), facts({ file: other })]);
    expect(tests.map(({ file }) => file)).toEqual([FILE, other]);
  });
});
