import { buildSummary } from './build-summary';
import { collectReports } from './collect-reports';
import { formatSummary } from './format-summary';
import { reportedTasks } from './run-folder';
import { readRunRecord, type RunRecord, type TaskRecord } from './run-record';
import { requestedTargets } from './requested-targets';
import { redactArguments } from './redact-arguments';
import type { RunSummary } from './summary';
import type { TaskKey } from './task-report-file';
import { writeSummary } from './summary-files';

/**
 * The summary of a run that plain `nx` started: printed and written to `<reports>/<target>.{json,md,xml}` by Nx's own
 * hook. Does nothing when no task of the run left a report of ours, so that other runs of a workspace stay as they are.
 */
export async function printClosingSummary(request: {
  workspaceRoot: string;
  runId: string;
  reportsDirectory?: string;
  stateDirectory?: string;
  write?: (text: string) => void;
  width?: number;
  colour?: boolean;
}): Promise<RunSummary | undefined> {
  const { workspaceRoot, runId, reportsDirectory = 'reports', stateDirectory } = request;
  const { write = (text: string) => void process.stdout.write(text), width, colour } = request;
  const recorded = await readRunRecord(workspaceRoot, runId, stateDirectory);
  if (!recorded || recorded.error) return undefined;
  const tasks = withSkipped(recorded.tasks, await reportedTasks(workspaceRoot, runId, stateDirectory));
  const record = { ...recorded, tasks };
  const reports = await collectReports({ workspaceRoot, reportsDirectory, stateDirectory, runId, tasks });
  if (![...reports.values()].some(({ report }) => report)) return undefined;
  const summary = buildSummary({ ...describeRun(record), runId, record, reports });
  const files = await writeSummary(workspaceRoot, reportsDirectory, summary);
  write(formatSummary(summary, { width, colour, files }));
  return summary;
}

/** Nx hands its hook no result of a task that a batch has skipped; its report is there. */
function withSkipped(tasks: TaskRecord[], reported: ReadonlyArray<TaskKey>): TaskRecord[] {
  const known = new Set(tasks.map(({ id }) => id));
  const skipped = reported
    .map(({ project, target }): TaskRecord => ({
      id: `${project}:${target}`,
      project,
      target,
      status: 'skipped',
      cache: 'miss',
    }))
    .filter(({ id }) => !known.has(id));
  return [...tasks, ...skipped];
}

function describeRun({ argv, startedAt, endedAt }: RunRecord) {
  const args = argv.slice(2);
  return {
    name: requestedTargets(args).join('+') || 'run',
    command: `nx ${redactArguments(args).join(' ')}`,
    startedAt: new Date(startedAt),
    endedAt: new Date(endedAt),
  };
}
