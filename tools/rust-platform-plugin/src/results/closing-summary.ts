import { buildSummary } from './build-summary';
import { collectReports } from './collect-reports';
import { formatSummary } from './format-summary';
import { readRunRecord, type RunRecord } from './run-record';
import { requestedTargets } from './requested-targets';
import { redactArguments } from './redact-arguments';
import type { RunSummary } from './summary';
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
  const record = await readRunRecord(workspaceRoot, runId, stateDirectory);
  if (!record || record.error) return undefined;
  const { tasks } = record;
  const reports = await collectReports({ workspaceRoot, reportsDirectory, stateDirectory, runId, tasks });
  if (![...reports.values()].some(({ report }) => report)) return undefined;
  const summary = buildSummary({ ...describeRun(record), runId, record, reports });
  const files = await writeSummary(workspaceRoot, reportsDirectory, summary);
  write(formatSummary(summary, { width, colour, files }));
  return summary;
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
