import { readFile, rename, stat } from 'node:fs/promises';

const MAX_BYTES = 5 * 1024 * 1024;

/** Keeps a server's log from growing without end: the old one is moved aside before a start. */
export async function rotateServerLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_BYTES) await rename(file, `${file}.1`);
}

/** The last lines that were written after `offset` bytes. */
export async function tailServerLog(file: string, offset: number, lines = 15): Promise<string> {
  const text = await readFile(file).catch(() => Buffer.alloc(0));
  return text.subarray(offset).toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

export async function sizeOfServerLog(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.size,
    () => 0,
  );
}
