import { suiteOf } from './run-libtest';
import type { CargoResult } from './cargo';

function result(exitCode: number | undefined, stdout: string, stderr = '', signal?: string): CargoResult {
  return { exitCode, signal, stdout, stderr, durationMs: 12 } as CargoResult;
}
const STANDARD = { hasOwnHarness: false };
const OWN = { hasOwnHarness: true };
const PASSED =
  'test a ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n';

describe('suiteOf', () => {
  it('takes the cases of a binary that ended well', () => {
    expect(suiteOf('a', result(0, PASSED), STANDARD)).toMatchObject({
      name: 'a',
      durationMs: 10,
      cases: [{ name: 'a', status: 'passed' }],
    });
  });

  it('judges a harness of its own by the exit code', () => {
    expect(suiteOf('a::custom', result(0, 'custom harness'), OWN).cases).toEqual([
      { name: 'a::custom', status: 'passed', durationMs: 12 },
    ]);
    expect(suiteOf('a::custom', result(3, 'custom harness'), OWN).cases).toMatchObject([
      { name: 'a::custom', status: 'error' },
    ]);
  });

  it('is an error when the binary died in the middle, and keeps what had passed', () => {
    const said =
      "error: test failed\n\nCaused by:\n  process didn't exit successfully: `x` (signal: 6, SIGABRT: process abort signal)\n";
    expect(suiteOf('a', result(101, 'running 2 tests\ntest first ... ok\n', said), STANDARD).cases).toEqual([
      { name: 'first', status: 'passed', durationMs: 0 },
      {
        name: 'a',
        status: 'error',
        durationMs: 12,
        message: "process didn't exit successfully: `x` (signal: 6, SIGABRT: process abort signal)",
        output: said,
      },
    ]);
  });

  it('does not believe a good summary when the exit code says otherwise', () => {
    const { cases } = suiteOf('a', result(101, PASSED), STANDARD);
    expect(cases.map(({ status }) => status)).toEqual(['passed', 'error']);
  });

  it.each([
    ['with several threads', 'running 2 tests\ntest first ... ok\n', STANDARD, 'after 1 result'],
    [
      'with one thread',
      'running 2 tests\ntest first ... ok\ntest quits ... ',
      STANDARD,
      'inside the test quits',
    ],
    ['before its first line', '', STANDARD, 'after 0 results'],
    [
      'in the second run of the doc tests',
      `running 1 test\n${PASSED}\nrunning 1 test\n`,
      OWN,
      'after 1 result',
    ],
  ])('is an error when a test ends the binary with exit code 0, %s', (_when, stdout, harness, where) => {
    const { cases } = suiteOf('a', result(0, stdout), harness);
    expect(cases.at(-1)).toMatchObject({
      ...{ name: 'a', status: 'error' },
      message: `ended with exit code 0 ${where}, before the summary: does a test call std::process::exit?`,
    });
    expect(cases.slice(0, -1).every(({ status }) => status === 'passed')).toBe(true);
  });
});
