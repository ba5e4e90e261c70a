import { readKeptLock, readKeyRecord } from '../../results/key-record-file';
import type { KeyRecord } from '../../results/key-record';
import { readRunHistory } from '../../results/run-record-history';
import { readRunInputs } from '../../results/run-record-inputs';
import type { RunRecord } from '../../results/run-record';
import { readTaskReport } from '../../results/task-report-file';
import type { TaskReport } from '../../results/task-report';
import { LockSides } from './lock-sides';
import { RecordPair } from './record-pair';
import type { RunDetails } from './task-evidence';

/** What runs have left in this checkout. Everything is read when it is asked for, and once. */
export class RunArchive {
  private readonly details = new Map<string, Promise<RunDetails>>();
  private readonly pairs = new Map<RunDetails, Map<RunDetails, RecordPair>>();

  private constructor(
    private readonly place: { workspaceRoot: string; stateDirectory: string; reportsDirectory: string },
    /** Newest first. */
    readonly runs: readonly RunRecord[],
    readonly unreadable: number,
  ) {}

  static async open(place: {
    workspaceRoot: string;
    stateDirectory: string;
    reportsDirectory: string;
  }): Promise<RunArchive> {
    const { runs, unreadable } = await readRunHistory(place.workspaceRoot, place.stateDirectory);
    return new RunArchive(place, runs, unreadable);
  }

  detailsOf(run: RunRecord): Promise<RunDetails> {
    const key = `${run.keys} ${run.inputs}`;
    const details = this.details.get(key) ?? this.read(run);
    this.details.set(key, details);
    return details;
  }

  /** `undefined` where one of the two is not kept. */
  pair(before: RunDetails, after: RunDetails): RecordPair | undefined {
    if (!before.keys || !before.locks || !after.keys || !after.locks) return undefined;
    const known = this.pairs.get(before)?.get(after);
    if (known) return known;
    const pair = new RecordPair(
      { record: before.keys, locks: before.locks },
      { record: after.keys, locks: after.locks },
    );
    this.pairs.set(before, (this.pairs.get(before) ?? new Map()).set(after, pair));
    return pair;
  }

  /** The report of a task in that very run, or with `any` the one that lies there now, whoever made it. */
  async report(
    task: { project: string; target: string },
    runId: string,
    { any }: { any: boolean },
  ): Promise<TaskReport | undefined> {
    const { workspaceRoot, reportsDirectory, stateDirectory } = this.place;
    const run = any ? undefined : { runId, stateDirectory };
    const found = await readTaskReport(workspaceRoot, reportsDirectory, task, run).catch(() => undefined);
    return any || found?.runId === runId ? found : undefined;
  }

  private async read({ keys: keysId, inputs: inputsId }: RunRecord): Promise<RunDetails> {
    const { workspaceRoot, stateDirectory } = this.place;
    // A damaged file is as good as none.
    const nothing = () => undefined;
    const [keys, inputs] = await Promise.all([
      keysId ? readKeyRecord(workspaceRoot, keysId, stateDirectory).catch(nothing) : undefined,
      inputsId ? readRunInputs(workspaceRoot, inputsId, stateDirectory).catch(nothing) : undefined,
    ]);
    return { keys, inputs, locks: keys && new LockSides(keys, await this.lockTexts(keys)) };
  }

  private async lockTexts({ locks }: KeyRecord): Promise<Map<string, string>> {
    const { workspaceRoot, stateDirectory } = this.place;
    const texts = new Map<string, string>();
    for (const hash of Object.values(locks)) {
      const text = await readKeptLock(workspaceRoot, hash, stateDirectory);
      if (text !== undefined) texts.set(hash, text);
    }
    return texts;
  }
}
