import type { Ingredient, IngredientGroup } from '../../results/key-record';

const HASH = /^([0-9a-f]{16,}|[0-9A-Za-z_-]{43})$/;
const LONG_HASH = /\b([0-9a-f]{8})[0-9a-f]{24,}\b/g;
const LONGEST = 100;
/** Their values are hashes of contents, or hidden, or new every time. */
const SILENT: ReadonlySet<IngredientGroup> = new Set(['source', 'file', 'lock', 'environment', 'unverified']);

/** The value of an ingredient for a person; `undefined`: it is a hash, or hidden. */
export function readableValue({ group, value }: Ingredient): string | undefined {
  if (SILENT.has(group) || value === '' || HASH.test(value)) return undefined;
  const text = group === 'manifest' ? tomlLike(value) : value;
  const line = text.replace(/\s+/g, ' ').replace(LONG_HASH, '$1').trim();
  // A tool says several things of itself, which are compared one by one.
  return group !== 'tool' && line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** `{"version":"1"}` as it stands in the manifest: `"1"`; other tables as `{ version = "1", features = ["full"] }`. */
function tomlLike(json: string): string {
  const value = parsed(json);
  if (value === undefined) return json;
  const isVersion = isTable(value) && Object.keys(value).length === 1 && 'version' in value;
  return toToml(isVersion ? value['version'] : value);
}

function toToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toToml).join(', ')}]`;
  if (!isTable(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key} = ${toToml(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
