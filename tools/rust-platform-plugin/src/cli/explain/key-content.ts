import type { Ingredient, IngredientGroup } from '../../results/key-record';
import { isOurInput } from '../../results/run-record-inputs';
import type { KeyContent } from './explanation';
import { ingredientsOfTask, inputNames } from './key-ingredients';
import { lockedCrate } from './locked-crate';
import type { LockSides } from './lock-sides';
import type { RunDetails } from './task-evidence';
import type { TaskRun } from './task-history';

const ORDER: readonly IngredientGroup[] = [
  'source',
  'file',
  'manifest',
  'lock',
  'config',
  'environment',
  'server',
  'tool',
  'place',
  'plugin',
  'unverified',
];

/** What the key of a task was made of, by groups; `undefined` when that is not recorded. */
export function keyContent(details: RunDetails, run: TaskRun): KeyContent | undefined {
  const ingredients = ingredientsOfTask(details, run);
  const names = inputNames(details.inputs, run.task.id);
  if (ingredients.length === 0 && names.length === 0) return undefined;
  const groups = ORDER.map((group) => {
    const own = ingredients.filter((one) => one.group === group).sort((a, b) => (a.name < b.name ? -1 : 1));
    return { group, count: own.length, ingredients: own.map((one) => contentOf(one, details.locks)) };
  });
  return {
    groups: groups.filter(({ count }) => count > 0),
    nx: names.filter((name) => !isOurInput(name)).sort(),
  };
}

function contentOf({ group, name, value }: Ingredient, locks: LockSides | undefined) {
  const crate = group === 'lock' ? lockedCrate(name) : undefined;
  const packages = crate && locks?.closure(crate)?.places.size;
  return { name, value, ...(packages === undefined ? {} : { packages }) };
}
