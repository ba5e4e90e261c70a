import type { HttpStep } from './http-order';

export interface HttpTest {
  /** As it was ordered, absolute. */
  file: string;
  /** From 1; 0: the file as a whole. */
  line: number;
  name: string;
  /** e.g. `GET /links/abc`. */
  request: string;
  durationMs: number;
  assertions: number;
  /** `unasserted`: it was answered, and nothing was asked of the answer. Not counted as a test. */
  outcome: 'passed' | 'failed' | 'skipped' | 'unasserted';
  /** What failed, one line each. Redacted. */
  error: string | undefined;
  /** Status and beginning of the response when it failed. Redacted. */
  response: string | undefined;
}

export interface HttpTestsResult {
  passed: number;
  failed: number;
  skipped: number;
  assertions: number;
  /** In the order of the files and of the requests in them. */
  tests: HttpTest[];
  notes: string[];
  durationMs: number;
}

export interface FileFacts {
  file: string;
  /** `undefined`: the runner did not get to its end. */
  requests: number | undefined;
  blank: boolean;
}

const EXCERPT = 400;

/** Pure: steps → tests, and the files that prove nothing as failures of their own. */
export function judgeSteps(
  steps: readonly HttpStep[],
  files: readonly FileFacts[],
  redact: (text: string) => string,
) {
  return files.flatMap((facts) => {
    const tests = steps.filter((step) => step.file === facts.file).map((step) => judgeStep(step, redact));
    const problem = problemOf(facts, tests);
    return problem === undefined ? tests : [...tests, fileProblem(facts.file, problem)];
  });
}

export function countTests(tests: HttpTest[], durationMs: number): HttpTestsResult {
  const count = (outcome: HttpTest['outcome']) => tests.filter((test) => test.outcome === outcome).length;
  // The passes of a loop are one request.
  const unasserted = new Set(tests.filter(isUnasserted).map(({ file, line }) => `${file}:${line}`)).size;
  const plural = unasserted === 1 ? 'request asserts' : 'requests assert';
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    assertions: tests.reduce((sum, test) => sum + test.assertions, 0),
    tests,
    notes: unasserted > 0 ? [`${unasserted} ${plural} nothing`] : [],
    durationMs,
  };
}

function isUnasserted({ outcome }: HttpTest): boolean {
  return outcome === 'unasserted';
}

export function fileProblem(file: string, error: string): HttpTest {
  const nothing = { request: '', durationMs: 0, assertions: 0, response: undefined };
  return { file, line: 0, name: 'the file', ...nothing, outcome: 'failed', error };
}

function judgeStep(step: HttpStep, redact: (text: string) => string): HttpTest {
  const bad = step.assertions.filter(({ outcome }) => outcome === 'failed' || outcome === 'error');
  const failed = bad.length > 0;
  // httpyac notes an error that it handled and threw again twice.
  const errors = [...new Set(bad.map(({ message }) => redact(message)))];
  return {
    file: step.file,
    line: step.line,
    name: redact(withoutHost(step.name.replace(/ \(line: \d+\)$/, ''))),
    request: redact(withoutHost(step.request)),
    durationMs: step.durationMs,
    assertions: step.assertions.filter(({ outcome }) => outcome === 'passed' || outcome === 'failed').length,
    outcome: failed ? 'failed' : outcomeOf(step),
    error: failed ? errors.join('\n') : undefined,
    response: failed ? describeResponse(step, redact) : undefined,
  };
}

function outcomeOf({ assertions }: HttpStep): HttpTest['outcome'] {
  if (assertions.some(({ outcome }) => outcome === 'passed')) return 'passed';
  return assertions.length > 0 ? 'skipped' : 'unasserted';
}

function problemOf({ requests, blank }: FileFacts, tests: HttpTest[]): string | undefined {
  if (blank) return undefined;
  if (requests === undefined) return 'the file was not run to its end';
  if (requests === 0) return 'no request was found in the file';
  const proves = tests.some((test) => test.assertions > 0 || test.outcome !== 'unasserted');
  return proves ? undefined : 'no assertions ran: add one, e.g. `?? status == 200`';
}

function describeResponse(
  { status, excerpt }: HttpStep,
  redact: (text: string) => string,
): string | undefined {
  if (status === undefined) return undefined;
  const text = redact(excerpt ?? '').trim();
  return text.length > EXCERPT ? `${status} ${text.slice(0, EXCERPT)}…` : `${status} ${text}`.trim();
}

function withoutHost(request: string): string {
  return request.replace(/ (?:\{\{[^}]*\}\}|https?:\/\/[^/\s]+)/, ' ');
}
