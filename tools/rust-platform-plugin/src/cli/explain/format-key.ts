import { NOT_SET, type IngredientGroup } from '../../results/key-record';
import type { KeyContent, KeyIngredient } from './explanation';
import { counted } from './group-names';
import { readableValue } from './readable-value';

/** What a key is made of, group by group with their numbers. */
export function formatKey({ groups, nx }: KeyContent): string[] {
  const own = groups.flatMap(({ group, count, ingredients }) => [
    '',
    `  ${counted(group, count)}`,
    ...aligned(ingredients.map((one) => [one.name, valueText(group, one)])),
  ]);
  const byNx = nx.length > 0 ? ['', `  ${counted('nx', nx.length)}`, ...nx.map((name) => `    ${name}`)] : [];
  return [...own, ...byNx];
}

function valueText(group: IngredientGroup, { name, value, packages }: KeyIngredient): string {
  if (group === 'environment') return value === NOT_SET ? value : 'value hidden';
  if (group === 'unverified') return '';
  if (packages !== undefined) return `${packages} packages`;
  return readableValue({ group, name, value }) ?? value.slice(0, 8);
}

const WIDEST = 70;

function aligned(rows: Array<[name: string, value: string]>): string[] {
  const width = Math.min(WIDEST, Math.max(0, ...rows.map(([name]) => [...name].length)));
  return rows.map(([name, value]) => `    ${name.padEnd(width)}  ${value}`.trimEnd());
}
