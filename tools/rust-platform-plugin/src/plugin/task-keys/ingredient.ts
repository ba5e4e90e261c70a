import { createHash } from 'node:crypto';
import { basename, sep } from 'node:path';
import type { ManifestFact } from '../../cargo/manifest-facts/manifest-fact';
import { isBelow } from '../../cargo/workspace-members';
import type { Ingredient, IngredientGroup } from '../../results/key-record';

/** A value that may be a secret is never shown: only whether it is another one. */
export function hidden(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

export function variable(name: string, value: string | undefined): Ingredient {
  return { group: 'environment', name, value: value === undefined ? 'not set' : hidden(value) };
}

export function fileIngredient(
  workspaceRoot: string,
  file: string,
  hash: string,
  group: IngredientGroup = file.endsWith('.rs') ? 'source' : 'file',
): Ingredient {
  return { group, name: placeOf(workspaceRoot, file), value: hash };
}

/** Relative to the repository. Of a file outside only the name: where it lies differs from machine to machine. */
export function placeOf(workspaceRoot: string, file: string): string {
  if (isBelow(file, workspaceRoot)) return file.slice(workspaceRoot.length + 1).replaceAll(sep, '/') || '.';
  return `outside the repository: ${basename(file)}`;
}

export function asIngredients(facts: readonly ManifestFact[]): Ingredient[] {
  return facts.map(({ name, value }) => ({ group: 'manifest', name, value }));
}
