import { inLanes } from '../in-lanes';
import { fixtureWorkspace } from '../run-matrix';
import type { Row } from '../run-row';
import type { MutationWorkspace } from '../workspace/workspace';
import { changedKinds, kindsIn } from './ingredient-kinds';
import { judgeQuickly, runUnchanged, type Unchanged } from './judge-quickly';
import { removalPatch, type Removal } from './removal-patch';

export interface Exercised {
  /** Kind of ingredient → rows that change one, those that change the least first. */
  rows: Map<string, Row[]>;
  /** Rows that fail although nothing is removed, and how. */
  wrong: Map<string, string>;
  /** Kinds in the keys of the fixture that no row changes. */
  untouched: string[];
}

/** Runs every row once and sees from the records of the keys which ingredients it is about. */
export async function findExercised(rows: readonly Row[], lanes: number): Promise<Exercised> {
  const found: Array<{ row: Row; kinds: Set<string> }> = [];
  const wrong = new Map<string, string>();
  const all = new Set<string>();
  const queue = [...rows];
  await inLanes(Array.from({ length: lanes }), lanes, async () => {
    await withFixture([], async (workspace, fixture) => {
      for (const kind of kindsIn(fixture.record)) all.add(kind);
      for (let row = queue.shift(); row; row = queue.shift()) {
        const { stale, before, after } = await judgeQuickly(workspace, row, fixture);
        if (stale.length > 0) wrong.set(row.name, `stale ${stale.join(' ')}`);
        found.push({ row, kinds: changedKinds(before, after) });
      }
    });
  });
  found.sort((a, b) => a.kinds.size - b.kinds.size);
  const byKind = new Map<string, Row[]>();
  for (const { row, kinds } of found)
    for (const kind of kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), row]);
  return { rows: byKind, wrong, untouched: [...all].filter((kind) => !byKind.has(kind)).sort() };
}

/** A workspace whose plugin lacks some ingredients, after its first runs. */
export async function withFixture<R>(
  removals: readonly Removal[],
  work: (workspace: MutationWorkspace, fixture: Unchanged) => Promise<R>,
): Promise<R> {
  const workspace = await fixtureWorkspace(removalPatch(removals));
  try {
    return await work(workspace, await runUnchanged(workspace));
  } finally {
    await workspace.remove();
  }
}
