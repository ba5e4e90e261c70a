import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mutation } from './mutation';
import type { RowResult } from './row-result';
import { EXPECTED_TASKS } from './rows/expected-tasks';
import { TARGETS } from './tasks';
import type { MutationWorkspace, Outcomes } from './workspace/workspace';

/** Keys of the unchanged fixture, as every row starts from them. */
export interface Baseline {
  together: Outcomes;
  /** With --exclude-task-dependencies. */
  alone: Outcomes;
}

export type Row = Mutation & { section: string };

const ALONE = ['--exclude-task-dependencies'];

/** Twice, so that what the second run does not hit can never be reused. */
export async function runFixture(workspace: MutationWorkspace): Promise<Outcomes> {
  await workspace.nx({ targets: TARGETS });
  return workspace.nx({ targets: TARGETS });
}

export async function runBaseline(workspace: MutationWorkspace): Promise<Baseline> {
  const together = await runFixture(workspace);
  return { together, alone: await workspace.nx({ targets: TARGETS, args: ALONE }) };
}

/** What the fixture itself lacks or does not hit: then no row means anything. */
export function faultsOf({ together, alone }: Baseline): string[] {
  const missing = EXPECTED_TASKS.filter((id) => !together[id]).map((id) => `${id} does not exist`);
  const missed = [together, alone].flatMap(missesOf).map((id) => `${id} is never taken from the cache`);
  return [...new Set([...missing, ...missed])];
}

/** Applies the change, compares keys and hits with what is declared, and takes it back. */
export async function runRow(workspace: MutationWorkspace, row: Row, fixture: Baseline): Promise<RowResult> {
  const started = Date.now();
  const result: RowResult = { ...emptyResult(row), durationMs: 0 };
  try {
    await judge(workspace, row, fixture, result);
  } catch (error) {
    result.error = error instanceof Error ? error.message : String(error);
  }
  await workspace.revert();
  result.durationMs = Date.now() - started;
  return result;
}

async function judge(
  workspace: MutationWorkspace,
  row: Row,
  fixture: Baseline,
  result: RowResult,
): Promise<void> {
  await row.given?.(workspace);
  const before = row.given ? await runBaseline(workspace) : fixture;
  await row.change(workspace);
  const place = await inPlace(workspace, row);
  const run = (args: string[] = []) => workspace.nx({ targets: TARGETS, args, ...place });
  const declared = declare(row, before.together);
  const changed = await run();
  const missed = missesComparedTo(before.together, changed);
  result.mustMiss = declared.mustMiss.length;
  result.mustHit = declared.mustHit.length;
  result.stale = declared.mustMiss.filter((id) => !missed.has(id));
  result.needless = declared.mustHit.filter((id) => missed.has(id));
  if (declared.mustMiss.length > 0) {
    const alone = await run(ALONE);
    const missedAlone = changedKeys(before.alone, alone);
    result.staleAlone = declared.mustMiss.filter((id) => !missedAlone.has(id));
    result.needless.push(
      ...declared.mustHit.filter((id) => missedAlone.has(id) && !missed.has(id)).map(aside),
    );
  }
  if (row.always) {
    const again = missesComparedTo(changed, await run());
    result.stale.push(...declared.mustMiss.filter((id) => !again.has(id)).map((id) => `${id} (again)`));
  }
  if (declared.mustMiss.length > 0 || result.needless.length > 0) {
    await workspace.revert();
    result.unsteady = [...missesComparedTo(fixture.together, await workspace.nx({ targets: TARGETS }))];
  }
}

function aside(id: string): string {
  return `${id} (alone)`;
}

function declare(row: Row, before: Outcomes): { mustMiss: string[]; mustHit: string[] } {
  const existing = new Set(Object.keys(before));
  const added = row.misses.filter((id) => !existing.has(id) && !EXPECTED_TASKS.includes(id));
  const mustMiss = [...new Set(row.misses)].filter((id) => existing.has(id) || added.includes(id)).sort();
  const open = new Set([...mustMiss, ...(row.either ?? [])]);
  return {
    mustMiss: mustMiss.filter((id) => !(row.either ?? []).includes(id) || row.misses.includes(id)),
    mustHit: [...existing].filter((id) => !open.has(id)).sort(),
  };
}

/** Where the run takes place. */
export async function inPlace(workspace: MutationWorkspace, row: Row): Promise<{ cwd?: string }> {
  return row.elsewhere ? { cwd: await copyOf(workspace) } : {};
}

/** A task misses when Nx ran it, and must then have another key: a key that stays is a hit for somebody. */
export function missesComparedTo(before: Outcomes, after: Outcomes): Set<string> {
  const changed = changedKeys(before, after);
  return new Set(missesOf(after).filter((id) => changed.has(id)));
}

function changedKeys(before: Outcomes, after: Outcomes): Set<string> {
  return new Set(Object.keys(after).filter((id) => before[id]?.hash !== after[id]?.hash));
}

function missesOf(outcomes: Outcomes): string[] {
  return Object.keys(outcomes).filter((id) => !/cache/.test(outcomes[id]?.status ?? ''));
}

/** A clone somewhere else, with the same cache. */
async function copyOf(workspace: MutationWorkspace): Promise<string> {
  const folder = join(workspace.base, 'somewhere', 'else', 'clone');
  await workspace.edits.remove(folder);
  await cp(workspace.root, folder, { recursive: true, verbatimSymlinks: true });
  return folder;
}

export function emptyResult({ section, name }: Row): Omit<RowResult, 'durationMs'> {
  return { section, name, mustMiss: 0, mustHit: 0, stale: [], staleAlone: [], needless: [], unsteady: [] };
}
