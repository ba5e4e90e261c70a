import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  /** Absolute, without symbolic links, short enough for sockets. */
  path: string;
  remove(): Promise<void>;
}

export async function temporaryFolder(name = 'test'): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), `rp-${name}-`)));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
