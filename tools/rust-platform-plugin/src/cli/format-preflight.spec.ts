import { PlatformError } from '../errors';
import { formatPreflight, preflightNotes } from './format-preflight';
import { preflightExitCode } from '../engines/preflight/run-preflight';
import type { PreflightReport } from '../engines/preflight/preflight-types';

function problem(code: string, exitCode: 2 | 4) {
  const error = new PlatformError({ code, what: `${code} is wrong`, fix: 'mend it', exitCode });
  return { name: code, state: 'problem' as const, detail: error.what, error };
}

const REPORT: PreflightReport = {
  durationMs: 12,
  checks: [
    { name: 'node', state: 'ok', detail: '24.1.0' },
    { name: 'nextest', state: 'note', detail: 'cargo-nextest is not installed' },
    problem('port-taken', 4),
    problem('remote-refused', 2),
  ],
};

test('every problem with its fix, in one report', () => {
  expect(formatPreflight(REPORT, { all: false, colour: false })).toBe(
    `  note     nextest         cargo-nextest is not installed
error[port-taken]: port-taken is wrong
  fix: mend it
error[remote-refused]: remote-refused is wrong
  fix: mend it
2 problems, nothing was started`,
  );
});

test('doctor also shows what is in order', () => {
  const checks = REPORT.checks.slice(0, 2);
  expect(formatPreflight({ ...REPORT, checks }, { all: true, colour: false })).toBe(
    `  ok       node     24.1.0
  note     nextest  cargo-nextest is not installed`,
  );
});

test('exit codes: 4 before 2, 0 for notes', () => {
  expect(preflightExitCode(REPORT)).toBe(4);
  expect(preflightExitCode({ ...REPORT, checks: [problem('remote-refused', 2)] })).toBe(2);
  expect(preflightExitCode({ ...REPORT, checks: REPORT.checks.slice(0, 2) })).toBe(0);
});

test('degradations go into the closing summary', () => {
  expect(preflightNotes(REPORT)).toEqual(['nextest: cargo-nextest is not installed']);
});
