import type { CargoEnvironment } from './cargo-environment';
import type { CargoSetup } from './cargo-setup';
import type { TestBinary } from './compile-tests';
import { parseLibtestOutput } from './libtest-output';
import { messageFormat } from './message-format';
import type { TestCase, TestSuite } from './test-results';
import type { Cargo, CargoResult } from './with-cargo';

/** Runs the binaries one after another by `cargo test`, so that each result is known to belong to its binary. */
export async function runLibtest(
  cargo: Cargo,
  setup: CargoSetup,
  binaries: TestBinary[],
  env: CargoEnvironment,
): Promise<TestSuite[]> {
  const suites: TestSuite[] = [];
  for (const { id, selector } of binaries) {
    const args = [...selector, `-p=${setup.crate.packageName}`, messageFormat(setup)];
    suites.push(suiteOf(id, await cargo.run({ subcommand: ['test'], args, env, runsTests: true })));
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
  );
}

/** A binary without the standard harness is one test, judged by its exit code; so is the rest of one that died. */
export function suiteOf(id: string, result: CargoResult): TestSuite {
  const { cases, summary } = parseLibtestOutput(result.stdout);
  const succeeded = result.exitCode === 0;
  const failureSeen = cases.some(({ status }) => status === 'failed');
  const durationMs = summary?.durationMs ?? result.durationMs;
  if (summary && (succeeded || failureSeen)) return { name: id, durationMs, cases };
  const whole: TestCase = succeeded
    ? { name: id, status: 'passed', durationMs }
    : { name: id, status: 'error', durationMs, message: endOf(result), output: result.stderr };
  return { name: id, durationMs, cases: [...cases, whole] };
}

function endOf({ stderr, exitCode, signal }: CargoResult): string {
  const line = stderr.split('\n').find((text) => text.includes("process didn't exit successfully"));
  return line?.trim() ?? `ended with ${signal ?? `exit code ${exitCode}`} before its results were complete`;
}
