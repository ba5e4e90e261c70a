import { suiteOf } from './run-libtest';
import type { CargoResult } from './with-cargo';

function result(exitCode: number | undefined, stdout: string, stderr = '', signal?: string): CargoResult {
  return { exitCode, signal, stdout, stderr, durationMs: 12 } as CargoResult;
}
const PASSED =
  'test a ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n';

describe('suiteOf', () => {
  it('takes the cases of a binary that ended well', () => {
    expect(suiteOf('a', result(0, PASSED))).toMatchObject({
      name: 'a',
      durationMs: 10,
      cases: [{ name: 'a', status: 'passed' }],
    });
  });

  it('judges a harness of its own by the exit code', () => {
    expect(suiteOf('a::custom', result(0, 'custom harness')).cases).toEqual([
      { name: 'a::custom', status: 'passed', durationMs: 12 },
    ]);
    expect(suiteOf('a::custom', result(3, 'custom harness')).cases).toMatchObject([
      { name: 'a::custom', status: 'error' },
    ]);
  });

  it('is an error when the binary died in the middle, and keeps what had passed', () => {
    const said =
      "error: test failed\n\nCaused by:\n  process didn't exit successfully: `x` (signal: 6, SIGABRT: process abort signal)\n";
    expect(suiteOf('a', result(101, 'running 2 tests\ntest first ... ok\n', said)).cases).toEqual([
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
    expect(suiteOf('a', result(101, PASSED)).cases.map(({ status }) => status)).toEqual(['passed', 'error']);
  });
});
