import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { isTable } from '../manifest';

/** Files beside a Cargo.toml that macros read for names of folders and of variables. */
const SETTINGS = ['askama.toml', 'rinja.toml', 'sqlx.toml', 'i18n.toml', 'diesel.toml', 'refinery.toml'];

/** Every text of them, whatever it is: it counts where it names something. */
export function macroSettings(root: string): string[] {
  return SETTINGS.flatMap((name) => textsIn(readToml(join(root, name))));
}

/** Name of the variable that sqlx asks for its database. */
export function databaseVariable(root: string): string {
  const toml = readToml(join(root, 'sqlx.toml'));
  const common = isTable(toml) ? toml['common'] : undefined;
  const name = isTable(common) ? common['database-url-var'] : undefined;
  return typeof name === 'string' ? name : 'DATABASE_URL';
}

function readToml(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isTable(value) ? Object.values(value).flatMap(textsIn) : [];
}
