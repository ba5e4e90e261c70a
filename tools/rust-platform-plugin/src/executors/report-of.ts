import type { ExecutorContext } from '@nx/devkit';
import { EXIT, PlatformError } from '../errors';
import type { TaskReport, TaskStatus } from '../results/task-report';
import type { Outcome } from './task-context';

export interface ReportRequest {
  context: ExecutorContext;
  /** Name of the report, unless Nx runs the executor under another target name. */
  target: string;
  started: Date;
  runId: string;
  outcome: Outcome;
  /** Beyond those of the outcome. */
  notes: string[];
}

export function reportOf({ context, target, started, runId, outcome, notes }: ReportRequest): TaskReport {
  return {
    schemaVersion: 1,
    project: context.projectName ?? '',
    target: context.targetName ?? target,
    runId,
    status: outcome.status,
    exitCode: exitCodeOfOutcome(outcome),
    headline: outcome.headline,
    notes: [...(outcome.notes ?? []), ...notes],
    ...(outcome.error === undefined ? {} : { error: errorOf(outcome.error) }),
    startedAt: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
    files: outcome.files ?? [],
    ...(outcome.data === undefined ? {} : { data: outcome.data }),
  };
}

export function exitCodeOfOutcome({ status, exitCode }: Outcome): number {
  if (exitCode !== undefined) return exitCode;
  if (status === 'failed') return EXIT.checkFailed;
  return status === 'interrupted' ? EXIT.interrupted : EXIT.ok;
}

export function outcomeOfError(error: unknown): Outcome {
  const isKnown = error instanceof PlatformError;
  return {
    status: statusOf(error),
    exitCode: isKnown ? error.exitCode : EXIT.checkFailed,
    headline: isKnown ? error.what : messageOf(error),
    error,
  };
}

function statusOf(error: unknown): TaskStatus {
  if (!(error instanceof PlatformError)) return 'failed';
  if (error.code === 'interrupted') return 'interrupted';
  return error.exitCode === EXIT.notJudged ? 'not-checked' : 'failed';
}

function errorOf(error: unknown): TaskReport['error'] {
  if (error instanceof PlatformError) {
    const { code, what, why, fix } = error;
    return { code, what, ...(why === undefined ? {} : { why }), fix };
  }
  return { code: 'internal', what: messageOf(error), fix: [] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
