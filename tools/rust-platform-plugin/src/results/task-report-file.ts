import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../errors';
import { runReportFile } from './run-folder';
import type { TaskReport, TaskStatus } from './task-report';
import { writeJsonAtomically } from './write-file';

const STATUSES: readonly TaskStatus[] = [
  'passed',
  'failed',
  'skipped',
  'not-checked',
  'degraded',
  'interrupted',
];

export interface TaskKey {
  project: string;
  target: string;
}

/** `<reports>/<project>/<target>.json`, absolute. */
export function taskReportFile(workspaceRoot: string, reportsDirectory: string, task: TaskKey): string {
  return join(workspaceRoot, reportsDirectory, task.project, `${task.target}.json`);
}

/**
 * Writes the report where people and Nx's cache find it, and a private copy for the run itself: two runs at once may
 * execute the same task, and each must be judged by its own result.
 */
export async function writeTaskReport(
  workspaceRoot: string,
  reportsDirectory: string,
  report: TaskReport,
  stateDirectory?: string,
): Promise<void> {
  const files = [taskReportFile(workspaceRoot, reportsDirectory, report)];
  if (report.runId) files.push(runReportFile(workspaceRoot, report, stateDirectory));
  await Promise.all(files.map((file) => writeJsonAtomically(file, report)));
}

/**
 * The report of a task, or `undefined` when none was written or the file is of another kind (the `test.json` of a Jest
 * project, say). With `runId`, the copy of that run wins over the shared file.
 */
export async function readTaskReport(
  workspaceRoot: string,
  reportsDirectory: string,
  task: TaskKey,
  run?: { runId: string; stateDirectory?: string },
): Promise<TaskReport | undefined> {
  const files = [taskReportFile(workspaceRoot, reportsDirectory, task)];
  if (run) files.unshift(runReportFile(workspaceRoot, { ...task, runId: run.runId }, run.stateDirectory));
  for (const file of files) {
    const value = await readJson(file);
    if (isTaskReport(value, task)) return value;
  }
  return undefined;
}

export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new PlatformError({
      code: 'unreadable-report',
      what: `The report ${file} cannot be read`,
      why: error.message,
      fix: `rm '${file}'`,
      cause: error,
    });
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTaskReport(value: unknown, task: TaskKey): value is TaskReport {
  if (typeof value !== 'object' || value === null) return false;
  const report = value as Partial<TaskReport>;
  return (
    report.schemaVersion === 1 &&
    report.project === task.project &&
    report.target === task.target &&
    typeof report.runId === 'string' &&
    typeof report.headline === 'string' &&
    typeof report.exitCode === 'number' &&
    Array.isArray(report.notes) &&
    STATUSES.includes(report.status as TaskStatus)
  );
}
