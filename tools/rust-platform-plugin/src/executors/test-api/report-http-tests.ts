import { join, relative, sep } from 'node:path';
import type { HttpTest, HttpTestsResult } from '../../engines/http-tests/judge-steps';
import type { ServiceDeath } from '../../engines/service-run/service-death';
import { formatJunit, type JunitCase } from '../../results/junit';
import { writeFileAtomically } from '../../results/write-file';
import type { Outcome, TaskContext } from '../run-executor';
import { printError } from '../task-console';

/** Prints what failed, writes the JUnit report, and judges: a server that died fails a run in which all tests passed. */
export async function describeOutcome(
  task: TaskContext,
  result: HttpTestsResult,
  deaths: ServiceDeath[] = [],
): Promise<Outcome> {
  const tests = result.tests.map((test) => ({ ...test, file: shown(task, test.file) }));
  for (const line of tests.flatMap(formatFailure)) task.report(line);
  for (const { error } of deaths) printError(error);
  const file = `${task.options.reportsDirectory}/${task.project}/${task.target}.xml`;
  await writeFileAtomically(join(task.workspaceRoot, file), formatJunit(suitesOf(tests)));
  const error = deaths[0]?.error;
  const outcome = {
    status: result.failed > 0 || error ? ('failed' as const) : ('passed' as const),
    headline: [headlineOf(result), ...deaths.map(({ project }) => `${project} died`)].join(', '),
    notes: result.notes,
    files: [file],
    data: { ...result, tests },
    ...(error ? { error } : {}),
  };
  return outcome;
}

/** `24 passed, 0 failed` and what was skipped. */
export function headlineOf({ passed, failed, skipped }: HttpTestsResult): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Lines for a person; none unless it failed. */
export function formatFailure({ outcome, file, line, name, request, error, response }: HttpTest): string[] {
  if (outcome !== 'failed') return [];
  const place = line > 0 ? `${file}:${line}` : file;
  const what = request && !name.includes(request) ? `${name} (${request})` : name;
  const lines = (error ?? '').split('\n').map((text) => `    ${text}`);
  return [`failed: ${place} ${what}`, ...lines, ...(response ? [`    response: ${response}`] : [])];
}

function suitesOf(tests: HttpTest[]) {
  return [...new Set(tests.map(({ file }) => file))].map((file) => {
    const cases = tests.filter((test) => test.file === file && test.outcome !== 'unasserted');
    return { name: file, durationMs: sumOf(cases), cases: cases.map(caseOf) };
  });
}

function caseOf({ file, name, durationMs, outcome, error, response }: HttpTest): JunitCase {
  const status = outcome === 'unasserted' ? 'skipped' : outcome;
  const base = { name, classname: file, durationMs, status };
  if (error === undefined) return base;
  return {
    ...base,
    message: error.split('\n')[0],
    details: response ? `${error}\nresponse: ${response}` : error,
  };
}

function sumOf(cases: HttpTest[]): number {
  return cases.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function shown(task: TaskContext, file: string): string {
  return relative(task.workspaceRoot, file).split(sep).join('/');
}
