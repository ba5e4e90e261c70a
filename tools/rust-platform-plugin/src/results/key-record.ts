/** One thing that can change the result of a task. */
export interface Ingredient {
  group: IngredientGroup;
  /** A path, a variable, a section of a manifest. */
  name: string;
  /** A hash, or a short text that is no secret. */
  value: string;
}

export type IngredientGroup =
  | 'source'
  | 'file'
  | 'manifest'
  | 'lock'
  | 'environment'
  | 'tool'
  | 'config'
  | 'server'
  | 'place'
  | 'plugin'
  | 'unverified';

/** What the keys of one run were made of, for `explain`. */
export interface KeyRecord {
  schemaVersion: 1;
  /** Ingredients once, by the part that holds them (e.g. `lib compile`, `services tools`). */
  parts: Record<string, Ingredient[]>;
  /** `project:family` → names of the parts that its key is made of. */
  keys: Record<string, string[]>;
  /** Cargo root → hash of its Cargo.lock, whose text is kept beside the record. */
  locks: Record<string, string>;
}

/** Value of a variable that is asked for and not there. */
export const NOT_SET = 'not set';
/** Value of a file that is asked for and not there. */
export const MISSING = 'missing';
