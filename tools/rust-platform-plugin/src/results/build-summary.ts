import { combineExitCodes } from '../errors';
import { judgeTask, type FoundReport, type RunEvidence } from './judge-task';
import type { RunRecord } from './run-record';
import { compareSteps } from './step-order';
import { verdictOf, type RunSummary, type SummaryRow } from './summary';
import type { TaskPlan } from './task-plan';
import type { TaskReport } from './task-report';

export interface SummaryInput {
  name: string;
  runId: string;
  command?: string;
  startedAt: Date;
  endedAt: Date;
  /** Of the launcher; missing in Nx's own hook, which cannot see the task graph. */
  plan?: TaskPlan;
  /** Why the plan could not be read: then nobody can tell whether Nx dropped a task. */
  planProblem?: string;
  record?: RunRecord;
  /** By task id. */
  reports: ReadonlyMap<string, FoundReport>;
  /** Exit code of the Nx process. */
  nxExitCode?: number;
  /** 130 or 143 when the launcher was told to end. */
  interruption?: number;
  bail?: boolean;
  notes?: readonly string[];
  /** What was asked for by name: Nx only warns of a project that has no such target. */
  requested?: { target: string; projects: readonly string[] };
}

const RECORD_MISSING = [
  'error[record-missing]: Nx ended with 0 and left no record of this run',
  '  why: it dropped every task, or the hooks of rust-platform-plugin did not run',
  '  fix: nx report, which lists the plugins of nx.json; unset RUST_PLATFORM_DISABLE',
].join('\n');

/** Does nothing but lead `nx affected` to crates: see plugin/selection. */
const SELECTION_TARGET = 'cargo-selection';

const AGGREGATES = ['nx:noop', 'rust-platform-plugin:aggregate'];

interface Problem {
  text: string;
  exitCode: number;
}

/** Compares what was planned with what has a result, and judges the run. Pure. */
export function buildSummary(input: SummaryInput): RunSummary {
  const rows = judgeAll(input).filter(({ target }) => target !== SELECTION_TARGET);
  const problems = problemsOf(input, rows);
  const exitCode = exitCodeOf(input, rows, problems);
  return {
    schemaVersion: 1,
    name: input.name,
    runId: input.runId,
    ...(input.command === undefined ? {} : { command: input.command }),
    verdict: verdictOf(exitCode, rows),
    exitCode,
    startedAt: input.startedAt.toISOString(),
    durationMs: input.endedAt.getTime() - input.startedAt.getTime(),
    rows: rows.filter((row) => !isQuietAggregate(row, rows, input)).sort(compareSteps),
    notes: [
      ...(input.notes ?? []),
      ...(input.record?.notes ?? []),
      ...(input.planProblem ? [planNote(input.planProblem)] : []),
    ],
    problems: problems.map(({ text }) => text),
  };
}

function judgeAll(input: SummaryInput): SummaryRow[] {
  const planned = new Map((input.plan?.tasks ?? []).map((task) => [task.id, task]));
  const recorded = new Map((input.record?.tasks ?? []).map((task) => [task.id, task]));
  const rows = new Map<string, SummaryRow>();
  const run = runEvidence(input);
  for (const task of [...planned.values(), ...recorded.values()]) {
    if (rows.has(task.id)) continue;
    const dependsOn = planned.get(task.id)?.dependsOn ?? [];
    const evidence = {
      task,
      planned: planned.get(task.id),
      record: recorded.get(task.id),
      found: input.reports.get(task.id) ?? {},
      run,
      dependencies: dependsOn.flatMap((id) => rows.get(id) ?? []),
    };
    rows.set(task.id, judgeTask(evidence));
  }
  return [...rows.values()];
}

function runEvidence(input: SummaryInput): RunEvidence {
  const hasFailure = input.record?.tasks.some(({ status }) => status !== 'success') ?? false;
  return {
    runId: input.runId,
    interrupted: wasInterrupted(input),
    stopped: hasStopped(input),
    bail: (input.bail ?? false) && hasFailure,
    notStarted: whyNotStarted(input),
    recordMissing: input.record === undefined && input.nxExitCode === 0,
  };
}

function hasStopped({ record }: SummaryInput): boolean {
  return record?.tasks.some(({ status }) => status === 'stopped') ?? false;
}

/**
 * Nx ends with 130 for a discrete task without a result too, with no signal involved: 130 and a stopped task prove an
 * interruption only when nothing is missing.
 */
function wasInterrupted(input: SummaryInput): boolean {
  const { interruption, nxExitCode, record, plan, reports, runId } = input;
  if (interruption !== undefined) return true;
  if (record === undefined) return false;
  if (plan === undefined) return hasStopped(input);
  if (nxExitCode !== 130 && !hasStopped(input)) return false;
  if (nxExitCode === 130 && wasSignalled(input)) return true;
  const settled = new Set(record.tasks.map(({ id }) => id));
  return plan.tasks.every(
    ({ id, continuous }) => continuous || settled.has(id) || reports.get(id)?.report?.runId === runId,
  );
}

/** A task of ours was told to end: so it is when Ctrl-C was pressed in Nx's own screen, of which the launcher hears nothing. */
function wasSignalled({ plan, reports, runId }: SummaryInput): boolean {
  return (plan?.tasks ?? []).some(({ id, continuous }) => {
    const report = reports.get(id)?.report;
    return !continuous && report?.runId === runId && report.status === 'interrupted';
  });
}

function whyNotStarted({ record, nxExitCode, interruption }: SummaryInput): string | undefined {
  if (record?.error) return 'the run was refused';
  const nxFailed = nxExitCode !== 0 && interruption === undefined;
  return record === undefined && nxFailed ? 'Nx left no record' : undefined;
}

function problemsOf(input: SummaryInput, rows: readonly SummaryRow[]): Problem[] {
  const refusal = input.record?.error;
  if (refusal) return [{ text: formatRefusal(refusal), exitCode: refusal.exitCode }];
  const problems = missingTargets(input);
  if (rows.some(({ result, headline }) => result === 'no-result' && headline === 'Nx left no record')) {
    problems.push({ text: RECORD_MISSING, exitCode: 1 });
  }
  const nxFailed = ![undefined, 0].includes(input.nxExitCode) && !wasInterrupted(input);
  if (nxFailed && rows.every(({ exitCode }) => exitCode === 0)) {
    const means = input.nxExitCode === 130 ? ' (it was interrupted, or left a task out)' : '';
    const text = `Nx ended with exit code ${input.nxExitCode}${means}, and no task explains it: see its output above`;
    problems.push({ text, exitCode: 1 });
  }
  return problems;
}

function formatRefusal({ code, what, why, fix }: NonNullable<RunRecord['error']>): string {
  const lines = [
    `error[${code}]: ${what}`,
    ...(why ? [`  why: ${why}`] : []),
    ...fix.map((way) => `  fix: ${way}`),
  ];
  return lines.join('\n');
}

function missingTargets({ plan, requested }: SummaryInput): Problem[] {
  if (!plan || !requested) return [];
  const { target, projects } = requested;
  const withTarget = new Set(
    plan.tasks.filter((task) => task.target === target).map(({ project }) => project),
  );
  if (withTarget.size === 0)
    return [{ text: `nothing to do: no project has a target ${target}`, exitCode: 2 }];
  const without = projects.filter((project) => !withTarget.has(project));
  return without.map((project) => ({ text: `${project} has no target ${target}`, exitCode: 2 }));
}

function exitCodeOf(input: SummaryInput, rows: readonly SummaryRow[], problems: readonly Problem[]): number {
  if (input.interruption !== undefined) return input.interruption;
  const codes = [...rows, ...problems].map(({ exitCode }) => exitCode);
  if (input.planProblem !== undefined) codes.push(3);
  if (input.nxExitCode === 130 && wasInterrupted(input)) codes.push(130);
  const isDropped = rows.some(({ error }) => error?.code === 'task-dropped');
  // An interruption comes first in the order of the codes, and would hide the drop.
  return combineExitCodes(isDropped ? codes.filter((code) => code !== 130 && code !== 143) : codes);
}

/** An aggregate such as `lint-rust` does nothing itself: its steps have rows of their own. */
function isQuietAggregate(row: SummaryRow, rows: readonly SummaryRow[], input: SummaryInput): boolean {
  const executor = input.plan?.tasks.find(({ id }) => id === row.id)?.executor ?? '';
  const steps = aggregatedSteps(input.reports.get(row.id)?.report);
  if (steps === undefined && !AGGREGATES.includes(executor)) return false;
  const shown = rows.filter(({ project }) => project === row.project).map(({ target }) => target);
  const told = steps !== undefined && steps.every((step) => shown.includes(step));
  return row.error === undefined && (told || row.exitCode === 0);
}

/** The report of an aggregate lists its steps as `{ step: 'clippy', … }`. */
function aggregatedSteps(report: TaskReport | undefined): string[] | undefined {
  const { steps } = (report?.data ?? {}) as { steps?: unknown };
  if (!Array.isArray(steps) || steps.length === 0) return undefined;
  const names = steps.map((part: { step?: unknown } | null) => part?.step);
  return names.every((name) => typeof name === 'string') ? names : undefined;
}

function planNote(problem: string): string {
  return `not checked: whether Nx left out a task, because the plan of the run could not be read (${problem})`;
}
