/** What one row of the matrix has shown. */
export interface RowResult {
  section: string;
  name: string;
  mustMiss: number;
  mustHit: number;
  /** Tasks that were answered from the cache, or kept their key, although their result can have changed. */
  stale: string[];
  /** The same with --exclude-task-dependencies. */
  staleAlone: string[];
  /** Tasks that missed although nothing of theirs has changed. */
  needless: string[];
  /** Tasks that did not hit again after the change was taken back. */
  unsteady: string[];
  /** The row could not be run. */
  error?: string;
  durationMs: number;
}

export function isGood({ stale, staleAlone, needless, unsteady, error }: RowResult): boolean {
  return error === undefined && [stale, staleAlone, needless, unsteady].every((tasks) => tasks.length === 0);
}
