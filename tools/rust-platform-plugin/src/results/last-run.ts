import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runsDirectory } from './run-folder';
import { readRunRecord, type RunRecord } from './run-record';

/** The record that was written last; `undefined` when Nx has finished no run here. */
export async function readLastRun(
  workspaceRoot: string,
  stateDirectory?: string,
): Promise<RunRecord | undefined> {
  const folder = runsDirectory(workspaceRoot, stateDirectory);
  const names = await readdir(folder).catch(() => []);
  const records = names.filter((name) => name.endsWith('.json') && !name.endsWith('.plan.json'));
  const aged = await Promise.all(
    records.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return { id: decodeURIComponent(name.slice(0, -'.json'.length)), time: found?.mtimeMs ?? 0 };
    }),
  );
  const [newest] = aged.sort((a, b) => b.time - a.time);
  return newest && readRunRecord(workspaceRoot, newest.id, stateDirectory);
}
