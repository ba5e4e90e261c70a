import { join } from 'node:path';
import { inLanes } from './in-lanes';
import type { Patch } from './compile-plugin';
import { emptyResult, faultsOf, runBaseline, runRow, type Row } from './run-row';
import type { RowResult } from './row-result';
import { MutationWorkspace } from './workspace/workspace';

export interface MatrixOptions {
  rows: readonly Row[];
  /** Workspaces at once. */
  lanes: number;
  patch?: Patch;
  onRow?: (result: RowResult) => void;
}

export interface MatrixResult {
  rows: RowResult[];
  /** What is wrong with the unchanged fixture. */
  faults: string[];
}

export function fixtureWorkspace(patch?: Patch): Promise<MutationWorkspace> {
  return MutationWorkspace.create({
    fixture: join(__dirname, 'fixture'),
    executors: 'none',
    exclude: ['third_party/**'],
    patch,
  });
}

/** Runs the rows, each from the unchanged fixture, shared out among workspaces of their own. */
export async function runMatrix(options: MatrixOptions): Promise<MatrixResult> {
  const queue = [...options.rows];
  const results = new Map<Row, RowResult>();
  const faults = new Set<string>();
  const lane = async () => {
    const workspace = await fixtureWorkspace(options.patch);
    try {
      const baseline = await runBaseline(workspace);
      for (const fault of faultsOf(baseline)) faults.add(fault);
      for (let row = queue.shift(); row; row = queue.shift()) {
        const result = await runRow(workspace, row, baseline);
        results.set(row, result);
        options.onRow?.(result);
      }
    } finally {
      await workspace.remove();
    }
  };
  await inLanes(Array.from({ length: options.lanes }), options.lanes, lane);
  const rows = options.rows.map((row) => results.get(row) ?? notRun(row));
  return { rows, faults: [...faults].sort() };
}

function notRun(row: Row): RowResult {
  return { ...emptyResult(row), error: 'was not run', durationMs: 0 };
}
