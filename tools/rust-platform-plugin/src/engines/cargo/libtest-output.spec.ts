import { parseLibtestOutput } from './libtest-output';

// Recorded with cargo 1.95.
const RECORDED = `
running 4 tests
test tests::later ... ignored, slow
test tests::fails ... FAILED
test tests::panics - should panic ... ok
test tests::works ... ok

failures:

---- tests::fails stdout ----
some output

thread 'tests::fails' (25892) panicked at a/src/lib.rs:9:51:
assertion \`left == right\` failed
  left: 2
 right: 3


failures:
    tests::fails

test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.08s

`;

describe('parseLibtestOutput', () => {
  it('reads names, results, reasons and the output of failures', () => {
    const { cases, summary } = parseLibtestOutput(RECORDED);
    expect(summary).toEqual({ passed: 2, failed: 1, ignored: 1, durationMs: 80 });
    expect(cases.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'tests::panics passed',
      'tests::works passed',
      'tests::fails failed',
      'tests::later skipped',
    ]);
    expect(cases.find(({ status }) => status === 'skipped')?.message).toBe('slow');
    const failed = cases.find(({ status }) => status === 'failed');
    expect(failed?.message).toBe(
      "thread 'tests::fails' (25892) panicked at a/src/lib.rs:9:51: assertion `left == right` failed",
    );
    expect(failed?.output).toContain('some output');
    expect(failed?.output).toContain('right: 3');
    expect(failed?.output).not.toContain('test result');
  });

  it('adds up several runs, as doc tests print them', () => {
    const once =
      'running 1 test\ntest src/lib.rs - add (line 2) ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.50s\n';
    const { summary, cases } = parseLibtestOutput(once + once);
    expect(summary).toEqual({ passed: 2, failed: 0, ignored: 0, durationMs: 1000 });
    expect(cases).toHaveLength(2);
  });

  it('finds the result of a test that wrote past the capture', () => {
    const text = [
      'test loud ... written by a child process',
      'more of it',
      'ok',
      'test quiet ... ok',
      'test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
    ].join('\n');
    expect(parseLibtestOutput(text).cases.map(({ name }) => name)).toEqual(['loud', 'quiet']);
  });

  it('trusts the closing line when lines are torn or forged', () => {
    const text = [
      'test forged ... ok',
      'test real ... ok',
      'test forged again ... FAILED',
      'test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
    ].join('\n');
    const { cases } = parseLibtestOutput(text);
    expect(cases.filter(({ status }) => status === 'passed')).toHaveLength(3);
    expect(cases.filter(({ status }) => status === 'failed')).toHaveLength(0);
  });

  it('has no summary when the binary died', () => {
    const { summary, cases } = parseLibtestOutput('running 2 tests\ntest first ... ok\n');
    expect(summary).toBeUndefined();
    expect(cases).toEqual([{ name: 'first', status: 'passed', durationMs: 0 }]);
  });
});
