import type { KeyRecord } from '../../results/key-record';
import type { RunInputs } from '../../results/run-record-inputs';
import type { RunReference } from './explanation';
import type { LockSides } from './lock-sides';
import type { RecordPair } from './record-pair';
import type { TaskHistory } from './task-history';

/** What is kept of one run, as far as it still is. */
export interface RunDetails {
  keys?: KeyRecord | undefined;
  /** Of the same record. */
  locks?: LockSides | undefined;
  inputs?: RunInputs | undefined;
}

/** Everything that an explanation is made from. */
export interface TaskEvidence {
  history: TaskHistory;
  latest: RunDetails;
  previous: RunDetails;
  /** What differs between the key records of the two, where both are kept. */
  pair: RecordPair | undefined;
  /** Run id → why that run's result of the task was not kept, by its report. */
  unkept: ReadonlyMap<string, string[]>;
  /** Of a hit: the run that the restored report names. */
  maker: RunReference | undefined;
  /** Why it is never cached, should that be so. */
  neverCached: string;
  /** Whether to tell what the key is made of. */
  withKey: boolean;
  now: Date;
}
