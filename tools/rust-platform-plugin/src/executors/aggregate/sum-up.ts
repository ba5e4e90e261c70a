import { combineExitCodes, EXIT, PlatformError } from '../../errors';
import type { TaskReport, TaskStatus } from '../../results/task-report';
import type { Outcome } from '../task-context';

/** One step as it was found after Nx settled it. */
export interface StepEvidence {
  step: string;
  report: TaskReport | undefined;
  /** Nx caches the target: a report of an earlier run is then one that the cache restored. */
  isCached: boolean;
  /** The step is part of this run. */
  isPlanned: boolean;
}

interface Summed {
  step: string;
  report: TaskReport;
}

const WORST_FIRST: TaskStatus[] = ['interrupted', 'failed', 'not-checked', 'degraded', 'passed'];

/** Throws `no-result` when a step has no report that belongs to this run. */
export function sumUp(request: {
  project: string;
  target: string;
  runId: string;
  evidence: readonly StepEvidence[];
}): Outcome {
  const { project, target, runId, evidence } = request;
  const missing = evidence.filter((step) => !belongs(step, runId));
  if (missing.length > 0) throw noResult(project, target, missing);
  const parts = evidence.flatMap(({ step, report }): Summed[] => (report ? [{ step, report }] : []));
  const told = parts.filter((part) => !isSumOf(part, evidence));
  const statuses = parts.map(({ report }) => report.status);
  return {
    status: WORST_FIRST.find((status) => statuses.includes(status)) ?? 'skipped',
    exitCode: combineExitCodes(parts.map(({ report }) => report.exitCode)),
    headline: told.map(({ step, report }) => `${step}: ${report.headline}`).join(' · ') || 'no step applies',
    notes: told.flatMap(({ step, report }) => report.notes.map((note) => `${step}: ${note}`)),
    files: [...new Set(told.flatMap(({ report }) => report.files))],
    data: {
      steps: parts.map(({ step, report }) => ({ step, status: report.status, exitCode: report.exitCode })),
    },
  };
}

function belongs({ report, isCached, isPlanned }: StepEvidence, runId: string): boolean {
  return report !== undefined && isPlanned && (isCached || report.runId === runId);
}

/** Of an aggregate whose own steps are all here nothing is told twice. */
function isSumOf({ report }: Summed, evidence: readonly StepEvidence[]): boolean {
  const inner = (report.data as { steps?: unknown } | undefined)?.steps;
  if (!Array.isArray(inner) || inner.length === 0) return false;
  return inner.every((part: { step?: string }) => evidence.some(({ step }) => step === part.step));
}

function noResult(project: string, target: string, missing: readonly StepEvidence[]): PlatformError {
  return new PlatformError({
    code: 'no-result',
    what: `${target} of ${project} has no result of ${missing.map(({ step }) => step).join(', ')}`,
    why: missing.map(reasonOf).join('\n'),
    fix: `nx run ${project}:${target} --skip-nx-cache`,
    exitCode: EXIT.checkFailed,
  });
}

function reasonOf({ step, report, isPlanned }: StepEvidence): string {
  if (!isPlanned) return `${step} was not part of this run`;
  return report
    ? `the report of ${step} is of an earlier run (${report.startedAt})`
    : `${step} left no report`;
}
