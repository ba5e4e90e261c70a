import type { Report } from '../endpoints';
import type { Lock, LockHolder } from '../locks';

/** Says on whom we wait, once per change of the holders. */
export function announceWait(what: string, report: Report): (holders: LockHolder[]) => void {
  return (holders) => {
    const who = holders.map(({ pid, purpose }) => `pid ${pid} (${purpose})`);
    report(`waiting for ${what}, held by ${who.join(', ') || 'a process that is ending'}`);
  };
}

/** Releases the lock whatever happens in `work`. */
export async function holding<T>(acquired: Promise<Lock>, work: () => Promise<T>): Promise<T> {
  const lock = await acquired;
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
