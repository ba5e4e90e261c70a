/** What a task says of itself, written to `reports/<project>/<target>.json` by every executor. */
export interface TaskReport {
  schemaVersion: 1;
  project: string;
  target: string;
  /** Identifies the Nx run that executed the task; a cache hit restores the report of the run that stored it. */
  runId: string;
  status: TaskStatus;
  /** Exit code by the table of the interface (0, 1, 2, 3, …), also where Nx turns it into 1. */
  exitCode: number;
  /** One line with the figures or the verdict, e.g. `24 passed` or `41,200 req/s, p50 0.31 ms, p99 1.2 ms`. */
  headline: string;
  /** Everything that was skipped, not checked or degraded, one sentence each. */
  notes: string[];
  error?: { code: string; what: string; why?: string; fix: string[] };
  /** ISO 8601. */
  startedAt: string;
  durationMs: number;
  /** Report files for people and machines, relative to the workspace root. */
  files: string[];
  /** Figures of the target, e.g. bench results; the shape is the target's own. */
  data?: unknown;
}

export type TaskStatus = 'passed' | 'failed' | 'skipped' | 'not-checked' | 'degraded' | 'interrupted';
