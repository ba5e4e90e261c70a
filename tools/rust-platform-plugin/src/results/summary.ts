import type { TaskReport, TaskStatus } from './task-report';

/** One run as it is told at its end, and as it is kept in `reports/<name>.json`. */
export interface RunSummary {
  schemaVersion: 1;
  /** The target or workflow, e.g. `testing`. */
  name: string;
  runId: string;
  /** What was run, for a person to repeat. */
  command?: string;
  verdict: Verdict;
  /** By the table of the interface. */
  exitCode: number;
  /** ISO 8601. */
  startedAt: string;
  durationMs: number;
  rows: SummaryRow[];
  /** Skipped, not checked and degraded, of the run as a whole; those of a task are in its row. */
  notes: string[];
  /** Why the run as a whole failed: refused by a hook, ended by Nx before any task. */
  problems: string[];
}

export type Verdict =
  | 'passed'
  | 'failed'
  | 'not judged'
  | 'wrong usage or configuration'
  | 'not started'
  | 'failed and rolled back'
  | 'failed and not rolled back'
  | 'interrupted';

/** One task of the run. */
export interface SummaryRow {
  id: string;
  project: string;
  target: string;
  /** `not-run`: the run ended before. `no-result`: planned, and Nx or the executor left nothing to judge. */
  result: TaskStatus | 'not-run' | 'no-result';
  exitCode: number;
  cache: 'miss' | 'local' | 'remote';
  /** Milliseconds; `undefined` when it did not run. */
  durationMs: number | undefined;
  headline: string;
  notes: string[];
  error?: TaskReport['error'];
  /** Relative to the workspace root. */
  files: string[];
}

const NEVER_RAN: ReadonlyArray<SummaryRow['result']> = ['not-run', 'no-result', 'skipped'];

/** Of the exit code; 4 is `not started` only when no task ran: a task can fail with 4 in the middle of a run. */
export function verdictOf(exitCode: number, rows: ReadonlyArray<Pick<SummaryRow, 'result'>>): Verdict {
  if (exitCode === 130 || exitCode === 143) return 'interrupted';
  if (exitCode === 4 && rows.some(({ result }) => !NEVER_RAN.includes(result))) return 'failed';
  const verdicts: Record<number, Verdict> = {
    0: 'passed',
    2: 'wrong usage or configuration',
    3: 'not judged',
    4: 'not started',
    5: 'failed and rolled back',
    6: 'failed and not rolled back',
  };
  return verdicts[exitCode] ?? 'failed';
}
