import { all, EVERYTHING } from '../tasks';

/** Every crate has every target; a missing one would hide whatever is wrong with it. */
export const EXPECTED_TASKS = [...new Set(all(...EVERYTHING))].sort();
