import { parseNextestJunit, parseNextestSkipped } from './nextest-junit';

// Recorded with cargo-nextest 0.9.143, shortened.
const RECORDED = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="4" skipped="0" failures="1" errors="0" uuid="6b" timestamp="2026-11-24T06:03:26.769+00:00" time="0.115">
    <testsuite name="a" tests="3" skipped="0" errors="0" failures="1">
        <testcase name="tests::panics" classname="a" timestamp="2026-11-24T06:03:26.770+00:00" time="0.096"/>
        <testcase name="tests::fails" classname="a" timestamp="2026-11-24T06:03:26.770+00:00" time="0.114">
            <failure message="thread &apos;tests::fails&apos; (1) panicked at a/src/lib.rs:9:51" type="test failure with exit code 101">thread &apos;tests::fails&apos; (1) panicked
 left: &lt;2&gt; &amp;amp;</failure>
            <system-out>
some output &quot;x&quot;
</system-out>
            <system-err>not of interest</system-err>
        </testcase>
        <testcase name="sometimes" classname="a" timestamp="2026-11-24T06:03:26.865+00:00" time="0.006">
            <flakyFailure timestamp="2026-11-24T06:03:26.865+00:00" time="0.1" type="test failure">first try</flakyFailure>
        </testcase>
    </testsuite>
    <testsuite name="a::int" tests="1" skipped="0" errors="1" failures="0">
        <testcase name="int" classname="a::int" time="1.5"><error type="exec failed"/></testcase>
    </testsuite>
</testsuites>`;

describe('parseNextestJunit', () => {
  const { suites, flaky } = parseNextestJunit(RECORDED);

  it('reads suites and cases with their times', () => {
    expect(suites.map(({ name, durationMs, cases }) => ({ name, durationMs, cases: cases.length }))).toEqual([
      { name: 'a', durationMs: 216, cases: 3 },
      { name: 'a::int', durationMs: 1500, cases: 1 },
    ]);
  });

  it('reads why a test failed, unescaped once', () => {
    expect(suites[0]?.cases[1]).toEqual({
      name: 'tests::fails',
      durationMs: 114,
      status: 'failed',
      message: "thread 'tests::fails' (1) panicked at a/src/lib.rs:9:51",
      output: 'thread \'tests::fails\' (1) panicked\n left: <2> &amp;\n\nsome output "x"',
    });
    expect(suites[1]?.cases[0]).toMatchObject({ status: 'error', message: 'exec failed' });
  });

  it('tells a flaky test from one that passed at once', () => {
    expect(flaky).toEqual(['sometimes']);
    expect(suites[0]?.cases[2]?.status).toBe('passed');
  });
});

it.each([
  ['     Summary [   0.115s] 4 tests run: 3 passed, 1 failed, 1 skipped', 1],
  ['     Summary [   0.005s] 3 tests run: 3 passed (1 flaky), 12 skipped', 12],
  ['     Summary [   0.005s] 3 tests run: 3 passed', 0],
  ['', 0],
])('reads the number of ignored tests of %j', (text, skipped) => {
  expect(parseNextestSkipped(text)).toBe(skipped);
});
