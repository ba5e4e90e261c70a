import type { Ingredient } from '../../results/key-record';
import type { DotenvFile } from './dotenv-variables';
import { placeOf, variable } from './ingredient';

/**
 * Variables of `.env` files, one by one: a file without a wanted one must not count, or every task would miss when somebody
 * adds one.
 */
export function dotenvIngredients(
  files: readonly DotenvFile[],
  workspaceRoot: string,
  isWanted: (name: string) => boolean,
): Ingredient[] {
  return files.flatMap(({ file, values }) =>
    Object.entries(values)
      .filter(([name]) => isWanted(name))
      .map(([name, value]) => variable(`${placeOf(workspaceRoot, file)}:${name}`, value)),
  );
}

/** Read by sqlx itself while it compiles, from the `.env` of the crate or of a folder above. */
export function isForSqlx(name: string): boolean {
  return name === 'DATABASE_URL' || name.startsWith('SQLX_');
}
