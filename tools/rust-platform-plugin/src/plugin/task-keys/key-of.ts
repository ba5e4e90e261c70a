import { createHash } from 'node:crypto';
import type { Ingredient } from '../../results/key-record';

/** Everything that is in a key goes through here, part by part. The order of the ingredients says nothing. */
export function hashIngredients(ingredients: readonly Ingredient[]): string {
  const lines = ingredients.map(({ group, name, value }) => `${group}\0${name}\0${value}\n`);
  return createHash('sha256').update(lines.sort().join('')).digest('hex').slice(0, 32);
}
