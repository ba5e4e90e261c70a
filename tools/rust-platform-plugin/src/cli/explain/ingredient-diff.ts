import { MISSING, NOT_SET, type Ingredient } from '../../results/key-record';
import type { Change } from './explanation';
import { kindOf } from './nx-file-diff';
import { readableValue } from './readable-value';

/** Ingredients that came, went or changed. Locks are told apart: see lock-changes.ts. */
export function ingredientDiff(before: readonly Ingredient[], after: readonly Ingredient[]): Change[] {
  const [old, now] = [byName(before), byName(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [from, to] = [old.get(key), now.get(key)];
    const one = to?.[0] ?? from?.[0];
    if (!one || one.group === 'unverified' || one.group === 'lock') return [];
    return valuesOf(from) === valuesOf(to) ? [] : [changeOf(one, from, to)];
  });
}

function changeOf(
  { group, name }: Ingredient,
  from: Ingredient[] | undefined,
  to: Ingredient[] | undefined,
): Change {
  const [old, now] = differingText(group, textOf(from), textOf(to));
  return {
    group,
    name,
    kind: kindOf(from !== undefined, to !== undefined),
    ...(old === undefined ? {} : { from: old }),
    ...(now === undefined ? {} : { to: now }),
  };
}

/** Only what says something to a person; two hashes say no more than that it changed. */
function textOf(ingredients: Ingredient[] | undefined): string | undefined {
  const [one, another] = ingredients ?? [];
  return one && !another ? readableValue(one) : undefined;
}

/** Of what a tool says of itself (`rustc 1.95.0; host: …`), the first line that is another one. */
function differingText(group: string, from: string | undefined, to: string | undefined) {
  if (group !== 'tool' || from === undefined || to === undefined) return [from, to];
  const [old, now] = [from.split('; '), to.split('; ')];
  const at = old.findIndex((line, index) => line !== now[index]);
  return at === -1 ? [from, to] : [old[at], now[at]];
}

function byName(ingredients: readonly Ingredient[]): Map<string, Ingredient[]> {
  const found = new Map<string, Ingredient[]>();
  for (const one of ingredients) {
    if (isAbsent(one)) continue;
    const key = `${one.group}\0${one.name}`;
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return found;
}

/** In the key, since it would count: then it comes or goes, and does not change. */
function isAbsent({ group, value }: Ingredient): boolean {
  return group === 'environment' ? value === NOT_SET : value === MISSING;
}

function valuesOf(ingredients: Ingredient[] | undefined): string | undefined {
  return ingredients
    ?.map(({ value }) => value)
    .sort()
    .join('\0');
}
