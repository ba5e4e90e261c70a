import type { TestCase } from './test-results';

/** What the standard test harness printed, read from its text for people: its JSON is not stable. */
export interface LibtestReport {
  cases: TestCase[];
  /** From the closing line; `undefined` when the binary died before it, or is no libtest harness. */
  summary: { passed: number; failed: number; ignored: number; durationMs: number } | undefined;
}

const RESULT = /^test (.+?) \.\.\. (?:.*\s)?(ok|FAILED|ignored)(?:, (.*))?$/u;
const STARTED = /^test (.+?) \.\.\. /u;
const ENDED = /(?:^|\s)(ok|FAILED|ignored)(?:, (.*))?$/u;
const SECTION = /^---- (.+) (?:stdout|stderr) ----$/u;
const SUMMARY =
  /^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored;.*?(?:finished in ([\d.]+)s)?$/u;
const STATUS = { ok: 'passed', FAILED: 'failed', ignored: 'skipped' } as const;

/** Several runs after one another (doc tests have one per edition) are added up. */
export function parseLibtestOutput(stdout: string): LibtestReport {
  const lines = stdout.split(/\r?\n/u);
  const sections = failureSections(lines);
  const summary = summaryOf(lines);
  const cases = casesOf(lines).map((testCase) => withFailure(testCase, sections.get(testCase.name)));
  return { cases: summary ? reconcile(cases, summary) : cases, summary };
}

/** With one test thread a test that writes past the capture separates its name from its result. */
function casesOf(lines: string[]): TestCase[] {
  const cases: TestCase[] = [];
  let open: string | undefined;
  for (const line of lines) {
    const whole = RESULT.exec(line);
    if (whole?.[1] !== undefined) {
      cases.push(caseOf(whole[1], whole[2], whole[3]));
      open = undefined;
      continue;
    }
    const end = open === undefined ? undefined : ENDED.exec(line);
    if (open !== undefined && end) {
      cases.push(caseOf(open, end[1], end[2]));
      open = undefined;
    } else {
      open = STARTED.exec(line)?.[1] ?? open;
    }
  }
  return cases;
}

function caseOf(shown: string, result: string | undefined, reason: string | undefined): TestCase {
  const name = shown.replace(/ - should panic$/u, '');
  const status = STATUS[result as keyof typeof STATUS];
  return { name, status, durationMs: 0, ...(reason ? { message: reason } : {}) };
}

function failureSections(lines: string[]): Map<string, string> {
  const sections = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of lines) {
    const name = SECTION.exec(line)?.[1];
    if (name !== undefined) {
      current = sections.get(name) ?? [];
      sections.set(name, current);
    } else if (line === 'failures:' || SUMMARY.test(line)) {
      current = undefined;
    } else {
      current?.push(line);
    }
  }
  return new Map([...sections].map(([name, text]) => [name, text.join('\n').trim()]));
}

function withFailure(testCase: TestCase, output: string | undefined): TestCase {
  if (testCase.status !== 'failed' || !output) return testCase;
  const lines = output.split('\n');
  const at = lines.findIndex((line) => line.includes('panicked at'));
  const message = at === -1 ? lines[0] : [lines[at], lines[at + 1]].filter(Boolean).join(' ');
  return { ...testCase, message, output };
}

function summaryOf(lines: string[]): LibtestReport['summary'] {
  const found = lines.map((line) => SUMMARY.exec(line)).filter((match) => match !== null);
  if (found.length === 0) return undefined;
  const sum = (index: number): number => found.reduce((total, match) => total + Number(match[index] ?? 0), 0);
  return { passed: sum(1), failed: sum(2), ignored: sum(3), durationMs: Math.round(sum(4) * 1000) };
}

/** The closing line counts truly: tests whose own line was torn by other output appear without a name. */
function reconcile(cases: TestCase[], summary: NonNullable<LibtestReport['summary']>): TestCase[] {
  const wanted = [
    ['passed', summary.passed],
    ['failed', summary.failed],
    ['skipped', summary.ignored],
  ] as const;
  return wanted.flatMap(([status, amount]) => {
    const known = cases.filter((testCase) => testCase.status === status).slice(0, amount);
    const torn = Array.from({ length: amount - known.length }, (_, index) => ({
      name: `(test whose line was torn by output ${index + 1})`,
      status,
      durationMs: 0,
    }));
    return [...known, ...torn];
  });
}
