import { EXIT, PlatformError } from '../errors';
import { locateJsonKey } from './locate-key';
import {
  findMistakes,
  isInnerPath,
  isListOfText,
  isOneOf,
  isPort,
  isTable,
  isText,
  shown,
  type Check,
  type Mistake,
} from './mistakes';
import { DEFAULT_OPTIONS, type PlatformOptions } from './platform-options';

const CHECKS: Record<keyof PlatformOptions, Check> = {
  stateDirectory: isInnerPath,
  reportsDirectory: isInnerPath,
  logsDirectory: isInnerPath,
  distDirectory: isInnerPath,
  composeFile: isInnerPath,
  postgresPort: isPort,
  redisPort: isPort,
  audit: isOneOf('report', 'required'),
  auditIgnore: (value) => (Array.isArray(value) ? undefined : `expected a list, not ${shown(value)}`),
  exclude: isListOfText,
  services: (value) =>
    isTable(value) && Object.values(value).every(isTable)
      ? undefined
      : `expected a table per project, such as { "links": { "port": 8081 } }, not ${shown(value)}`,
};

const IGNORE_CHECKS: Record<string, Check> = {
  id: (value) =>
    isText(value) ?? matches(value, /^(RUSTSEC|CVE|GHSA)-/, 'an advisory such as RUSTSEC-2024-0001'),
  reason: isText,
  expires: (value) => (isDate(value) ? undefined : `expected a date such as 2026-12-31, not ${shown(value)}`),
};

/**
 * Checks the options of the plugin, which Nx hands over as they are, and fills in the defaults. Throws one PlatformError
 * `invalid-options` (exit 2) with every mistake. `text` is the content of `file`, for the line numbers.
 */
export function parsePlatformOptions(value: unknown, file = 'nx.json', text?: string): PlatformOptions {
  if (value === undefined || value === null) return { ...DEFAULT_OPTIONS };
  if (!isTable(value))
    throw invalid([{ path: [], what: `expected a table, not ${shown(value)}` }], file, text);
  const mistakes = [...findMistakes(value, CHECKS), ...ignoreMistakes(value['auditIgnore'])];
  if (mistakes.length > 0) throw invalid(mistakes, file, text);
  return { ...DEFAULT_OPTIONS, ...value };
}

function ignoreMistakes(value: unknown): Mistake[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown, index) => {
    const path = ['auditIgnore', String(index)];
    if (!isTable(entry)) return [{ path, what: `expected { id, reason, expires }, not ${shown(entry)}` }];
    const missing = Object.keys(IGNORE_CHECKS).filter((key) => !(key in entry));
    return [
      ...missing.map((key) => ({
        path,
        what: `${key} is missing: an ignored advisory needs id, reason and expires`,
      })),
      ...findMistakes(entry, IGNORE_CHECKS, path),
    ];
  });
}

function invalid(mistakes: Mistake[], file: string, text: string | undefined): PlatformError {
  return new PlatformError({
    code: 'invalid-options',
    what: `the options of rust-platform-plugin in ${file} have ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}`,
    why: mistakes.map((mistake) => `${placeOf(mistake, file, text)}: ${mistake.what}`).join('\n'),
    fix: `edit "plugins" in ${file}`,
    exitCode: EXIT.usage,
  });
}

function placeOf({ path }: Mistake, file: string, text: string | undefined): string {
  const line = text === undefined ? undefined : locateJsonKey(text, path);
  const name = path.join('.') || 'options';
  return line === undefined ? `${file}: ${name}` : `${file}:${line}: ${name}`;
}

function matches(value: unknown, pattern: RegExp, expected: string): string | undefined {
  return pattern.test(value as string) ? undefined : `expected ${expected}, not ${shown(value)}`;
}

function isDate(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}
