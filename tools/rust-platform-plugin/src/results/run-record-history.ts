import { readdir } from 'node:fs/promises';
import { runsDirectory } from './run-folder';
import { readRunRecord, type RunRecord } from './run-record';

const PLAN = '.plan.json';

export interface RunHistory {
  /** Newest first. */
  runs: RunRecord[];
  /** Records that this version cannot read. */
  unreadable: number;
}

/** All runs that are kept. */
export async function readRunHistory(workspaceRoot: string, stateDirectory?: string): Promise<RunHistory> {
  const names = await readdir(runsDirectory(workspaceRoot, stateDirectory)).catch(() => []);
  const ids = names
    .filter((name) => name.endsWith('.json') && !name.endsWith(PLAN))
    .map((name) => decodeURIComponent(name.slice(0, -'.json'.length)));
  const records = await Promise.all(
    ids.map((id) => readRunRecord(workspaceRoot, id, stateDirectory).catch(() => undefined)),
  );
  const runs = records.filter((record) => record !== undefined);
  runs.sort((a, b) => compare(b.endedAt, a.endedAt) || compare(b.runId, a.runId));
  return { runs, unreadable: records.length - runs.length };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
