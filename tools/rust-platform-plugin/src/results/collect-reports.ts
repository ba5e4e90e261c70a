import { parseJestReport } from './jest-report';
import type { FoundReport } from './judge-task';
import { readJson, readTaskReport, taskReportFile, type TaskKey } from './task-report-file';

/** The reports of the given tasks, by task id; a task without any is not in the map. */
export async function collectReports(request: {
  workspaceRoot: string;
  reportsDirectory: string;
  stateDirectory?: string;
  runId: string;
  tasks: ReadonlyArray<TaskKey & { id: string }>;
}): Promise<Map<string, FoundReport>> {
  const { workspaceRoot, reportsDirectory, stateDirectory, runId, tasks } = request;
  const found = await Promise.all(
    tasks.map(async (task): Promise<[string, FoundReport]> => {
      const run = { runId, stateDirectory };
      const report = await readTaskReport(workspaceRoot, reportsDirectory, task, run);
      if (report) return [task.id, { report }];
      const file = taskReportFile(workspaceRoot, reportsDirectory, task);
      return [task.id, { jest: parseJestReport(await readJson(file)) }];
    }),
  );
  return new Map(found.filter(([, { report, jest }]) => report ?? jest));
}
