import type { Change, Reason } from './explanation';
import type { TaskEvidence } from './task-evidence';

/** The one reason that counts, of all that hold. */
export function reasonOf(
  { history, latest, unkept }: TaskEvidence,
  { changes, unsettled }: { changes: readonly Change[]; unsettled: readonly string[] },
): Reason {
  const { task, run } = history.latest;
  const { same, previous } = history;
  if (task.cache !== 'miss') return 'nothing-changed';
  if (task.cacheable === false) return 'never-cached';
  if (unsettled.length > 0) return 'unsettled';
  if (same) {
    if (run.skipsCache) return 'cache-skipped';
    if (same.task.status === 'failure') return 'failed-before';
    return unkept.has(same.run.runId) ? 'not-kept' : 'not-in-cache';
  }
  if (changes.length > 0) return 'changed';
  if (!previous) return run.skipsCache ? 'cache-skipped' : task.hash ? 'first-run' : 'untold';
  return latest.keys && previous.task.hash === task.hash ? 'not-in-cache' : 'untold';
}
