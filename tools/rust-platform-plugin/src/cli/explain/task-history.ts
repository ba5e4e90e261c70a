import type { RunRecord, TaskRecord } from '../../results/run-record';

export interface TaskRun {
  run: RunRecord;
  task: TaskRecord;
}

/** The runs that say why a task was a hit or ran. */
export interface TaskHistory {
  /** The last one in which it passed or failed. */
  latest: TaskRun;
  /** A later one that Nx ended before the task was done. */
  cutOff?: TaskRun;
  /** The one before `latest`. */
  previous?: TaskRun;
  /** The newest one before `latest` that ran it with the very same key. */
  same?: TaskRun;
}

/** `runs`: newest first; those without the task are passed over. `undefined`: it has not ended in any of them. */
export function taskHistory(
  runs: readonly RunRecord[],
  isWanted: (task: TaskRecord) => boolean,
): TaskHistory | undefined {
  const all = runs.flatMap((run) => run.tasks.filter(isWanted).map((task) => ({ run, task })));
  const [latest, ...others] = all.filter(hasEnded);
  if (!latest) return undefined;
  const [newest] = all;
  const older = others.filter(({ task }) => task.id === latest.task.id && task.hash !== undefined);
  const same = older.find(({ task }) => task.hash === latest.task.hash && task.cache === 'miss');
  return {
    latest,
    ...(newest && newest !== latest && !hasEnded(newest) ? { cutOff: newest } : {}),
    ...(older[0] ? { previous: older[0] } : {}),
    ...(same ? { same } : {}),
  };
}

function hasEnded({ task }: TaskRun): boolean {
  return task.status === 'success' || task.status === 'failure';
}
