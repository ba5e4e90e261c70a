import { statfs } from 'node:fs/promises';
import type { CheckResult, PreflightRequest } from './preflight-types';

/** A debug and a release build of a small platform take about 3 GB. */
const LOW_GB = 3;

export async function checkDisk({ workspaceRoot, cargoRoots }: PreflightRequest): Promise<CheckResult[]> {
  if (cargoRoots.length === 0) return [];
  const { bavail, bsize } = await statfs(workspaceRoot);
  const free = (bavail * bsize) / 1e9;
  const detail = `${free.toFixed(1)} GB free at ${workspaceRoot}`;
  if (free >= LOW_GB) return [{ name: 'disk', state: 'ok', detail }];
  return [{ name: 'disk', state: 'note', detail: `only ${detail}: a build can need ${LOW_GB} GB` }];
}
