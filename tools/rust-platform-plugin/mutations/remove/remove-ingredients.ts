import { inLanes } from '../in-lanes';
import type { Row } from '../run-row';
import { findExercised, withFixture, type Exercised } from './find-exercised';
import { heldTwice } from './held-twice';
import { judgeQuickly } from './judge-quickly';
import { LOCK_EDGES, type Removal } from './removal-patch';

export interface RemovalRequest {
  /** A group, a kind or a part; empty: each in turn. */
  name: string;
  rows: readonly Row[];
  lanes: number;
  say: (text: string) => number;
}

interface RemovalResult {
  removal: Removal;
  caughtBy: string[];
  /** What was removed besides, and why. */
  also?: string;
}

/** One row that fails is proof; a few more tell how well an ingredient is guarded. */
const ENOUGH = 2;
const MOST_TRIED = 6;

/**
 * Proves that the matrix can fail: leaves one ingredient out of every key at a time, and expects rows to find a stale
 * result. Which rows are about an ingredient is seen from the records of the keys.
 */
export async function removeIngredients(request: RemovalRequest): Promise<number> {
  const { name, lanes, say } = request;
  const rows = request.rows.filter(({ misses }) => misses.length > 0);
  say(`${rows.length} rows with something that must miss, by keys alone (without file sets)\n`);
  const exercised = await findExercised(rows, lanes);
  for (const [row, wrong] of exercised.wrong) say(`✗ without any removal: ${row}: ${wrong}\n`);
  const removals = removalsOf(name, exercised);
  const results = await inLanes(removals, lanes, async (removal) => {
    const result = await tryRemoval(removal, exercised);
    const mark = result.caughtBy.length > 0 ? '✓' : '✗';
    const { also = '' } = result;
    say(`${mark} without ${removal}${also}: ${result.caughtBy.join('; ') || 'no row fails'}\n`);
    return result;
  });
  if (name === '') for (const kind of exercised.untouched) say(`✗ no row changes ${kind}\n`);
  const missed = results.filter(({ caughtBy }) => caughtBy.length === 0).length;
  say(`\n${results.length - missed} of ${results.length} removals are caught\n`);
  return missed > 0 || exercised.wrong.size > 0 ? 1 : 0;
}

function removalsOf(name: string, { rows }: Exercised): Removal[] {
  const kinds = [...rows.keys()].sort();
  const groups = [...new Set(kinds.map(groupOf))];
  if (name === 'groups') return [...groups, LOCK_EDGES];
  return name === '' ? [...groups, ...kinds, LOCK_EDGES] : [name];
}

function groupOf(kind: string): string {
  return kind.slice(0, kind.indexOf(':'));
}

async function tryRemoval(removal: Removal, exercised: Exercised): Promise<RemovalResult> {
  const caughtBy = await rowsThatFail([removal], exercised);
  const held = heldTwice(removal);
  if (!held || caughtBy.length > 0) return { removal, caughtBy };
  const also = ` and what holds it as well, since ${held.because} (${held.by.join(', ')})`;
  return { removal, caughtBy: await rowsThatFail([removal, ...held.by], exercised), also };
}

async function rowsThatFail(removals: [Removal, ...Removal[]], exercised: Exercised): Promise<string[]> {
  const caughtBy: string[] = [];
  await withFixture(removals, async (workspace, fixture) => {
    for (const row of candidates(removals[0], exercised).slice(0, MOST_TRIED)) {
      const { stale } = await judgeQuickly(workspace, row, fixture);
      if (stale.length > 0) caughtBy.push(row.name);
      if (caughtBy.length === ENOUGH) break;
    }
  });
  return caughtBy;
}

/** Rows that change such an ingredient. Of a group: one row of each kind comes first. */
function candidates(removal: Removal, { rows }: Exercised): Row[] {
  const lists = [...rows].filter(([kind]) => isPart(kind, removal)).map(([, list]) => list);
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const mixed = Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
  const sorted = removal === LOCK_EDGES ? mixed.filter(({ name }) => /edge/.test(name)) : mixed;
  return [...new Set(sorted)];
}

function isPart(kind: string, removal: Removal): boolean {
  if (removal === LOCK_EDGES) return groupOf(kind) === 'lock';
  return kind === removal || groupOf(kind) === removal;
}
