import type { JestReport } from './jest-report';
import type { TaskRecord } from './run-record';
import type { SummaryRow } from './summary';
import { leavesTaskReport, type PlannedTask } from './task-plan';
import type { TaskReport } from './task-report';

/** What was found on disk for a task. */
export interface FoundReport {
  report?: TaskReport;
  /** `reports/<project>/<target>.json` of a Jest project. */
  jest?: JestReport;
}

/** Everything known of one task after the run; `planned` or `record` may be missing, never both. */
export interface TaskEvidence {
  task: { id: string; project: string; target: string };
  planned: PlannedTask | undefined;
  record: TaskRecord | undefined;
  found: FoundReport;
  run: RunEvidence;
  /** Rows of what the task waits for. */
  dependencies: readonly SummaryRow[];
}

export interface RunEvidence {
  runId: string;
  /** Nx or the launcher was told to end, and no task is missing without that reason. */
  interrupted: boolean;
  /** Nx stopped a task of the run. */
  stopped: boolean;
  /** `--nx-bail`, and a task failed: Nx leaves the rest undone after the first failure. */
  bail: boolean;
  /** Why no task was run: a hook refused the run, or Nx ended before. */
  notStarted: string | undefined;
  /** Nx left no record although it ended well. */
  recordMissing: boolean;
}

const STOPS_DEPENDENTS: ReadonlyArray<SummaryRow['result']> = [
  'failed',
  'interrupted',
  'skipped',
  'not-run',
  'no-result',
];

const WHY_DROPPED =
  'a continuous task and one with "parallelism": false in the same run make Nx leave tasks out';
const WHY_BESIDE_STOPPED =
  'Nx stopped another task of the run, and the launcher heard no signal: Nx alone was told to end, or it left the task out';

/** The result of one task: from its report where it has one of this run (or of the cache), else from Nx. */
export function judgeTask(evidence: TaskEvidence): SummaryRow {
  const { record, found, run } = evidence;
  const own = found.report?.runId === run.runId ? found.report : undefined;
  if (record === undefined) return own ? fromReport(evidence, own) : judgeUnrecorded(evidence);
  if (record.status === 'skipped')
    return own ? fromReport(evidence, own) : row(evidence, { result: 'skipped', headline: '' });
  if (record.status === 'stopped') return own ? fromReport(evidence, own) : judgeStopped(evidence);
  const report = record.cache === 'miss' ? own : found.report;
  return report ? fromReport(evidence, report) : judgeWithoutReport(evidence, record);
}

function judgeUnrecorded(evidence: TaskEvidence): SummaryRow {
  const { run, dependencies, task } = evidence;
  if (run.notStarted) return row(evidence, { result: 'not-run', headline: run.notStarted });
  const blocker = dependencies.find(({ result }) => STOPS_DEPENDENTS.includes(result));
  if (blocker && !run.interrupted && !run.recordMissing) {
    const reason = blocker.result === 'failed' ? 'failed' : `has no good result (${blocker.result})`;
    return row(evidence, { result: 'skipped', notes: [`not run, because ${blocker.id} ${reason}`] });
  }
  if (run.interrupted) return row(evidence, { result: 'not-run', headline: 'the run ended before' });
  if (run.bail) return row(evidence, { result: 'not-run', notes: ['not run: --nx-bail ended the run'] });
  if (run.recordMissing)
    return row(evidence, { result: 'no-result', exitCode: 1, headline: 'Nx left no record' });
  return row(evidence, {
    result: 'no-result',
    exitCode: 1,
    headline: `Nx dropped ${task.id}: planned, but never run`,
    error: {
      code: 'task-dropped',
      what: `Nx dropped ${task.id}: it was planned, and Nx has no result of it`,
      why: run.stopped ? WHY_BESIDE_STOPPED : WHY_DROPPED,
      fix: [`nx run ${task.id}`],
    },
  });
}

function judgeStopped(evidence: TaskEvidence): SummaryRow {
  if (evidence.planned?.continuous)
    return row(evidence, { result: 'interrupted', headline: 'ran until it was stopped' });
  return row(evidence, { result: 'interrupted', exitCode: 130, headline: 'stopped before it was done' });
}

function fromReport(evidence: TaskEvidence, report: TaskReport): SummaryRow {
  const { exitCode, headline, error, files } = report;
  const base = { result: report.status, exitCode, headline, notes: report.notes, error, files };
  if (evidence.record?.status !== 'failure' || exitCode !== 0) return row(evidence, base);
  const notes = [...report.notes, 'Nx counts the task as failed although its own report says otherwise'];
  return row(evidence, { ...base, notes, result: 'failed', exitCode: 1 });
}

function judgeWithoutReport(evidence: TaskEvidence, record: TaskRecord): SummaryRow {
  const { planned, found, task } = evidence;
  const ours = leavesTaskReport(planned) || (planned === undefined && found.report !== undefined);
  if (record.status === 'failure') {
    const headline = ours ? 'failed before it could write its report' : jestHeadline(evidence, record);
    return row(evidence, { result: 'failed', exitCode: 1, headline });
  }
  if (!ours) {
    const fresh = freshJest(evidence, record);
    return row(evidence, {
      result: 'passed',
      headline: jestHeadline(evidence, record),
      notes: fresh?.notes ?? [],
    });
  }
  if (record.cache !== 'miss') {
    return row(evidence, { result: 'passed', notes: ['the cache holds no report of this task'] });
  }
  return row(evidence, {
    result: 'no-result',
    exitCode: 1,
    headline: 'ran, but left no report',
    error: {
      code: 'report-missing',
      what: `${task.id} ran and left no report of this run`,
      why: found.report ? `the report on disk is of run ${found.report.runId}` : 'there is no report on disk',
      fix: [`nx run ${task.id} --skip-nx-cache`],
    },
  });
}

function jestHeadline(evidence: TaskEvidence, record: TaskRecord): string {
  const jest = freshJest(evidence, record);
  if (jest) return jest.headline;
  return evidence.found.jest ? 'the numbers on disk are of an earlier run' : '';
}

function freshJest({ found }: TaskEvidence, record: TaskRecord): JestReport | undefined {
  const isFresh = record.cache !== 'miss' || (found.jest?.startedAt ?? 0) >= (record.startTime ?? 0);
  return isFresh ? found.jest : undefined;
}

function row(
  { task, record, found, run }: TaskEvidence,
  judged: Partial<SummaryRow> & Pick<SummaryRow, 'result'>,
): SummaryRow {
  const own = found.report?.runId === run.runId ? found.report : undefined;
  return {
    id: task.id,
    project: task.project,
    target: task.target,
    exitCode: 0,
    cache: record?.cache ?? 'miss',
    durationMs: durationOf(record) ?? own?.durationMs,
    headline: '',
    notes: [],
    files: [],
    ...judged,
  };
}

function durationOf(record: TaskRecord | undefined): number | undefined {
  if (record?.startTime === undefined || record.endTime === undefined) return undefined;
  return record.endTime - record.startTime;
}
