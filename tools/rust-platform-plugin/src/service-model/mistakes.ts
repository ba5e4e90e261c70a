import { suggestion } from './nearest-name';

/** One thing that is wrong in an untrusted table. */
export interface Mistake {
  /** Keys from the outermost table to the value. */
  path: string[];
  what: string;
}

/** Says what is wrong with a value, or nothing. */
export type Check = (value: unknown) => string | undefined;

export type UnknownTable = Record<string, unknown>;

/** Every mistake of a table at once: values of the wrong kind, and keys that do not exist. */
export function findMistakes(
  table: UnknownTable,
  checks: Record<string, Check>,
  path: string[] = [],
): Mistake[] {
  return Object.entries(table).flatMap(([key, value]) => {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    const what = check
      ? check(value)
      : `there is no option ${key}: ${suggestion(key, Object.keys(checks).sort())}`;
    return what === undefined ? [] : [{ path: [...path, key], what }];
  });
}

export function isTable(value: unknown): value is UnknownTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

export const isText: Check = (value) =>
  typeof value === 'string' && value !== ''
    ? undefined
    : `expected a text that is not empty, not ${shown(value)}`;

export const isFlag: Check = (value) =>
  typeof value === 'boolean' ? undefined : `expected true or false, not ${shown(value)}`;

export const isPort: Check = (value) =>
  isWhole(value) && value >= 1 && value <= 65535
    ? undefined
    : `expected a port from 1 to 65535, not ${shown(value)}`;

export const isListOfText: Check = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? undefined
    : `expected a list of texts, not ${shown(value)}`;

export function isSeconds(maximum: number): Check {
  return (value) =>
    typeof value === 'number' && value > 0 && value <= maximum
      ? undefined
      : `expected seconds, more than 0 and at most ${maximum}, not ${shown(value)}`;
}

export function isOneOf(...allowed: string[]): Check {
  return (value) =>
    typeof value === 'string' && allowed.includes(value)
      ? undefined
      : `expected ${allowed.join(' or ')}, not ${shown(value)}`;
}

/** A path below the folder that it is relative to. */
export const isInnerPath: Check = (value) =>
  isText(value) ??
  (/^([/\\~]|[A-Za-z]:)/.test(value as string) || (value as string).split(/[/\\]/).includes('..')
    ? `expected a path inside the workspace, relative to its root, not ${shown(value)}`
    : undefined);

export function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}
