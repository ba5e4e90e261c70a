import { EXIT, PlatformError } from '../errors';

/** The part of JSON schema that our schema.json files use. */
export interface OptionsSchema {
  properties: Record<string, PropertySchema>;
  required?: string[];
}

interface PropertySchema {
  type: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minItems?: number;
  pattern?: string;
  items?: { type: string; enum?: unknown[] };
}

/**
 * Checks executor options once more, since Nx lets through what its validator does not know (NaN, fractions for integers,
 * minimum of integers, patterns). Throws one PlatformError `invalid-options` that lists every mistake.
 */
export function validateOptions(task: string, options: object, schema: object): void {
  const { properties, required = [] } = schema as OptionsSchema;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const mistakes = [
    ...required.filter((name) => !given.some(([key]) => key === name)).map((name) => `${name}: is required`),
    ...given.flatMap(([name, value]) => mistakesOf(name, value, properties)),
  ];
  if (mistakes.length === 0) return;
  throw new PlatformError({
    code: 'invalid-options',
    what: `${task} was given ${mistakes.length === 1 ? 'an invalid option' : `${mistakes.length} invalid options`}`,
    why: mistakes.join('\n'),
    fix: `options of ${task}: ${Object.keys(properties).sort().join(', ') || 'none'}`,
    exitCode: EXIT.usage,
  });
}

function mistakesOf(name: string, value: unknown, properties: Record<string, PropertySchema>): string[] {
  const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (!schema) return [`${name}: is not an option`];
  if (!hasType(value, schema.type)) return [`${name}: must be of type ${schema.type}, not ${shown(value)}`];
  return [...rangeMistakes(name, value, schema), ...itemMistakes(name, value, schema)];
}

function rangeMistakes(name: string, value: unknown, schema: PropertySchema): string[] {
  const mistakes: string[] = [];
  if (schema.enum && !schema.enum.includes(value)) {
    mistakes.push(`${name}: must be one of ${schema.enum.join(', ')}, not ${shown(value)}`);
  }
  if (schema.minimum !== undefined && (value as number) < schema.minimum) {
    mistakes.push(`${name}: must be at least ${schema.minimum}, not ${shown(value)}`);
  }
  if (schema.maximum !== undefined && (value as number) > schema.maximum) {
    mistakes.push(`${name}: must be at most ${schema.maximum}, not ${shown(value)}`);
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(String(value))) {
    mistakes.push(`${name}: ${shown(value)} does not match ${schema.pattern}`);
  }
  return mistakes;
}

function itemMistakes(name: string, value: unknown, schema: PropertySchema): string[] {
  if (!Array.isArray(value)) return [];
  const { items, minItems = 0 } = schema;
  const short = value.length < minItems ? [`${name}: needs at least ${minItems} entries`] : [];
  if (!items) return short;
  return [
    ...short,
    ...value.flatMap((item, index) =>
      mistakesOf(`${name}[${index}]`, item, { [`${name}[${index}]`]: items }),
    ),
  ];
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
}
