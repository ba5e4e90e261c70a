import type { KeyRecord } from '../../src/results/key-record';
import { inPlace, missesComparedTo, runFixture, type Row } from '../run-row';
import { TARGETS } from '../tasks';
import type { MutationWorkspace, Outcomes } from '../workspace/workspace';

export interface Unchanged {
  outcomes: Outcomes;
  record: KeyRecord;
}

export interface QuickVerdict {
  /** Tasks that must miss and do not. */
  stale: string[];
  before: KeyRecord;
  after: KeyRecord;
}

export async function runUnchanged(workspace: MutationWorkspace): Promise<Unchanged> {
  const outcomes = await runFixture(workspace);
  return { outcomes, record: await workspace.keyRecord() };
}

/** Only whether what must miss does. */
export async function judgeQuickly(
  workspace: MutationWorkspace,
  row: Row,
  fixture: Unchanged,
): Promise<QuickVerdict> {
  try {
    await row.given?.(workspace);
    const { outcomes, record } = row.given ? await runUnchanged(workspace) : fixture;
    await row.change(workspace);
    const place = await inPlace(workspace, row);
    const changed = await workspace.nx({ targets: TARGETS, ...place });
    const missed = missesComparedTo(outcomes, changed);
    const after = await workspace.keyRecord(place.cwd);
    const stale = row.misses.filter((id) => changed[id] !== undefined && !missed.has(id));
    if (row.always) {
      const again = missesComparedTo(changed, await workspace.nx({ targets: TARGETS }));
      stale.push(...row.misses.filter((id) => changed[id] !== undefined && !again.has(id)));
    }
    return { stale, before: record, after };
  } finally {
    await workspace.revert();
  }
}
