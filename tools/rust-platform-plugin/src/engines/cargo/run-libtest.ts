import type { CargoEnvironment } from './cargo-environment';
import type { CargoSetup } from './cargo-setup';
import type { TestBinary } from './test-binaries';
import { count } from './diagnostics';
import { parseLibtestOutput } from './libtest-output';
import { messageFormat } from './message-format';
import type { TestCase, TestSuite } from './test-results';
import type { Cargo, CargoResult } from './cargo';

/** Runs the binaries one after another by `cargo test`, so that each result is known to belong to its binary. */
export async function runLibtest(
  cargo: Cargo,
  setup: CargoSetup,
  binaries: TestBinary[],
  env: CargoEnvironment,
): Promise<TestSuite[]> {
  const suites: TestSuite[] = [];
  for (const { id, selector, hasOwnHarness } of binaries) {
    const args = [...selector, `-p=${setup.crate.packageName}`, messageFormat(setup)];
    const result = await cargo.run({ subcommand: ['test'], args, env, runsTests: true });
    suites.push(suiteOf(id, result, { hasOwnHarness }));
  }
  return suites;
}

/** The examples in the documentation of the library. */
export async function runDoctests(
  cargo: Cargo,
  setup: CargoSetup,
  env: CargoEnvironment,
): Promise<TestSuite> {
  const args = ['--doc', `-p=${setup.crate.packageName}`];
  return suiteOf(
    `${setup.crate.packageName}::doc`,
    await cargo.run({ subcommand: ['test'], args, env, runsTests: true }),
    // rustdoc says nothing at all when it skips them.
    { hasOwnHarness: true },
  );
}

/**
 * A binary without the standard harness is one test, judged by its exit code; so is the rest of one that died. One that
 * began its tests and ended before the summary died, also with exit code 0: a test may have called `process::exit`.
 */
export function suiteOf(
  id: string,
  result: CargoResult,
  { hasOwnHarness }: Pick<TestBinary, 'hasOwnHarness'>,
): TestSuite {
  const { cases, summary } = parseLibtestOutput(result.stdout);
  const succeeded = result.exitCode === 0;
  const failureSeen = cases.some(({ status }) => status === 'failed');
  const durationMs = summary?.durationMs ?? result.durationMs;
  const brokenOff = succeeded && endedEarly(result.stdout, hasOwnHarness);
  if (summary && !brokenOff && (succeeded || failureSeen)) return { name: id, durationMs, cases };
  const message = brokenOff ? exitedInside(result.stdout, cases.length) : endOf(result);
  const whole: TestCase =
    succeeded && !brokenOff
      ? { name: id, status: 'passed', durationMs }
      : { name: id, status: 'error', durationMs, message, output: result.stderr };
  return { name: id, durationMs, cases: [...cases, whole] };
}

/** Every run (doc tests have one per edition) begins with a line of its own and closes with a summary. */
function endedEarly(stdout: string, hasOwnHarness: boolean): boolean {
  const begun = stdout.match(/^running \d+ tests?\r?$/gmu)?.length ?? 0;
  const closed = stdout.match(/^test result: /gmu)?.length ?? 0;
  return closed < begun || (closed === 0 && !hasOwnHarness);
}

function exitedInside(stdout: string, results: number): string {
  const open = /^test (\S.*?) \.\.\. (?!.*\b(?:ok|FAILED|ignored)\b)/mu.exec(
    stdout.split('\n').at(-1) ?? '',
  )?.[1];
  const where = open === undefined ? `after ${count(results, 'result')}` : `inside the test ${open}`;
  return `ended with exit code 0 ${where}, before the summary: does a test call std::process::exit?`;
}

function endOf({ stderr, exitCode, signal }: CargoResult): string {
  const line = stderr.split('\n').find((text) => text.includes("process didn't exit successfully"));
  return line?.trim() ?? `ended with ${signal ?? `exit code ${exitCode}`} before its results were complete`;
}
