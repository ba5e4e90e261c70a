import { tryStat } from '../../cargo/scan/try-stat';

/** Changes with every write: the time of change cannot be set back. `undefined`: there is no such file. */
export function fileStamp(file: string): string | undefined {
  const found = tryStat(file);
  return found?.isFile() ? `${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.ino}` : undefined;
}
