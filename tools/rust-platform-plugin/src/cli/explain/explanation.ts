import type { IngredientGroup } from '../../results/key-record';

/** Why one task was a hit or ran. Everything that is printed of it, and its form in `--json`. */
export interface Explanation {
  /** `project:target`, with the configuration if it has one. */
  task: string;
  project: string;
  target: string;
  outcome: Outcome;
  reason: Reason;
  /** The answer in one sentence. */
  answer: string;
  /** The same without the task and its outcome. */
  why: string;
  /** Where a hit came from. */
  cache?: 'local' | 'remote';
  /** A hit whose outputs were still in place, so that nothing was copied. */
  keptOutputs?: boolean;
  status?: 'success' | 'failure';
  run?: RunReference;
  /** The run before it, which the changes are counted from. */
  comparedWith?: RunReference;
  /** Of a hit: the run that had stored the result. */
  madeBy?: RunReference;
  /** What is different in its key, most specific first. */
  changes: Change[];
  /** Why its results are not kept. */
  notKept: string[];
  notes: string[];
  fix: string[];
  /** What its key is made of; `undefined` when that was not recorded. */
  key?: KeyContent | undefined;
  /** Of a sum such as lint-rust. */
  steps?: Explanation[];
}

export type Outcome = 'hit' | 'miss' | 'never-cached' | 'no-record';

export type Reason =
  /** Of a hit. */
  | 'nothing-changed'
  | 'changed'
  | 'first-run'
  | 'cache-skipped'
  | 'failed-before'
  | 'not-kept'
  | 'unsettled'
  | 'not-in-cache'
  /** The records do not go far enough back, or are of another version. */
  | 'untold'
  | 'never-cached'
  | 'sum'
  | 'no-record';

export interface RunReference {
  runId: string;
  /** ISO 8601. */
  startedAt: string;
  /** As typed, without secrets; `undefined` for a run that is not recorded here. */
  command?: string;
}

export interface Change {
  group: ChangeGroup;
  /** A path, a variable, a package with its way: what a person looks for. */
  name: string;
  kind: 'changed' | 'added' | 'removed';
  /** Short texts; never the value of an environment variable. */
  from?: string;
  to?: string;
  /** Of a locked package: `app > axum > serde`. */
  way?: string;
}

/** `options`: of the command line; `nx`: what Nx puts into every key by itself. */
export type ChangeGroup = IngredientGroup | 'options' | 'nx';

export interface KeyIngredient {
  name: string;
  /** As recorded: a hash, of environment variables one that only this checkout can compare, or a short text. */
  value: string;
  /** Of a lock: how many packages it stands for. */
  packages?: number;
}

export interface KeyContent {
  groups: Array<{ group: IngredientGroup; count: number; ingredients: KeyIngredient[] }>;
  /** Names of what Nx hashes besides. */
  nx: string[];
}
