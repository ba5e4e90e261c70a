import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const KEPT_RUNS = 50;
const DAY_MS = 24 * 60 * 60 * 1000;

export const DEFAULT_STATE_DIRECTORY = '.rust-platform';

/** What one run leaves for the launcher: `<state>/runs/<runId>.json` and copies of its task reports beside it. */
export function runsDirectory(workspaceRoot: string, stateDirectory = DEFAULT_STATE_DIRECTORY): string {
  return join(workspaceRoot, stateDirectory, 'runs');
}

export function runRecordFile(workspaceRoot: string, runId: string, stateDirectory?: string): string {
  return join(runsDirectory(workspaceRoot, stateDirectory), `${encodeURIComponent(runId)}.json`);
}

export function runReportFile(
  workspaceRoot: string,
  task: { runId: string; project: string; target: string },
  stateDirectory?: string,
): string {
  const folder = join(runsDirectory(workspaceRoot, stateDirectory), encodeURIComponent(task.runId));
  return join(folder, `${encodeURIComponent(task.project)}+${encodeURIComponent(task.target)}.json`);
}

/** The tasks that left a report in a run. */
export async function reportedTasks(
  workspaceRoot: string,
  runId: string,
  stateDirectory?: string,
): Promise<Array<{ project: string; target: string }>> {
  const folder = join(runsDirectory(workspaceRoot, stateDirectory), encodeURIComponent(runId));
  const names = await readdir(folder).catch(() => []);
  return names
    .map((name) => withoutExtension(name).split('+').map(decodeURIComponent))
    .flatMap(([project = '', target]) => (target === undefined ? [] : [{ project, target }]));
}

/** Keeps the newest runs and everything of the last day, since a `serve` may still be writing to an older one. */
export async function pruneRuns(workspaceRoot: string, stateDirectory?: string): Promise<void> {
  const folder = runsDirectory(workspaceRoot, stateDirectory);
  const names = await readdir(folder).catch(() => []);
  const ids = [...new Set(names.filter((name) => !name.endsWith('.tmp')).map(withoutExtension))];
  if (ids.length <= KEPT_RUNS) return;
  const runs = await Promise.all(ids.map(async (id) => ({ id, time: await lastWrite(folder, id) })));
  const old = runs.sort((a, b) => b.time - a.time).slice(KEPT_RUNS);
  const doomed = old.filter(({ time }) => Date.now() - time > DAY_MS);
  await Promise.all(
    doomed.flatMap(({ id }) => [
      rm(join(folder, id), { recursive: true, force: true }),
      rm(join(folder, `${id}.json`), { force: true }),
    ]),
  );
}

async function lastWrite(folder: string, id: string): Promise<number> {
  const paths = [join(folder, `${id}.json`), join(folder, id)];
  const times = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}

function withoutExtension(name: string): string {
  return name.replace(/\.json$/, '');
}
