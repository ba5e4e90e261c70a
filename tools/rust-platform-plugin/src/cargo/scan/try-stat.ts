import { realpathSync, statSync, type Stats } from 'node:fs';
import { onDisk } from './disk-path';

/**
 * `undefined` whatever is wrong: a text of a source may hold a NUL or be too long for a path, a link may lead in circles, a
 * folder may be closed. Nothing of that is a reason to stop a run; whoever needs the file will say so.
 */
export function tryStat(path: string): Stats | undefined {
  try {
    // Without an exception where there is nothing, since those take most of the time.
    return statSync(onDisk(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** `undefined` as `tryStat`. */
export function tryRealpath(path: string): string | undefined {
  try {
    return realpathSync(onDisk(path));
  } catch {
    return undefined;
  }
}
