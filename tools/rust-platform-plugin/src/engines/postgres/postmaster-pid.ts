import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeProcess } from '../../process/process-facts';
import { identityOf, type ProcessIdentity } from '../../process/process-identity';

export interface RunningPostmaster {
  identity: ProcessIdentity;
  port: number;
}

/** The server that runs on this data folder, whoever started it. Its working directory is the proof, not the pid alone. */
export async function findPostmaster(dataDirectory: string): Promise<RunningPostmaster | undefined> {
  const lines = await pidFileLines(dataDirectory);
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  const [identity, description] = await Promise.all([identityOf(pid), describeProcess(pid)]);
  if (!identity || !description) return undefined;
  if (description.cwd !== (await realpath(dataDirectory))) return undefined;
  return { identity, port: Number(lines[3]) };
}

/**
 * Removes a `postmaster.pid` whose process is gone, or whose number now belongs to something else (a crash with a
 * recycled pid, a copied data folder): PostgreSQL would refuse to start. A live server's file is never touched.
 */
export async function removeStalePidFile(dataDirectory: string): Promise<void> {
  if ((await pidFileLines(dataDirectory)).length === 0 || (await findPostmaster(dataDirectory))) return;
  await rm(join(dataDirectory, 'postmaster.pid'), { force: true });
}

async function pidFileLines(dataDirectory: string): Promise<string[]> {
  const text = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '');
  return text === '' ? [] : text.split('\n');
}
