import { BENCH_METHODS, type BenchMethod, type Scenario, type SetupRequest } from './scenarios';
import { compileTemplate, withoutPlaceholders } from './template';
import type { ReportMistake } from './toml-lines';

const COMMON_KEYS = ['name', 'method', 'path', 'headers', 'body', 'expect'];
const COUNT = { setup: { key: 'repeat', max: 100_000 }, scenario: { key: 'weight', max: 1000 } } as const;

/** Values that are wrong are reported and replaced, so that the rest of the table is checked too. */
export function checkRequest(
  table: Record<string, unknown>,
  kind: 'setup' | 'scenario',
  report: ReportMistake,
): SetupRequest & Scenario {
  const count = COUNT[kind];
  for (const key of Object.keys(table)) {
    if (COMMON_KEYS.includes(key) || key === count.key) continue;
    report(key, `unknown key '${key}' in [[${kind}]]: it may be ${[...COMMON_KEYS, count.key].join(', ')}`);
  }
  const number = checkCount(table[count.key], count, report);
  return {
    name: checkName(table['name'], kind, report),
    method: checkMethod(table['method'], report),
    path: checkPath(table['path'], kind, report),
    headers: checkHeaders(table['headers'], report),
    body: checkBody(table['body'], report),
    expect: checkExpect(table['expect'], report),
    repeat: number,
    weight: number,
  };
}

function checkName(value: unknown, kind: string, report: ReportMistake): string {
  if (typeof value === 'string' && value.trim() !== '' && !hasControlCharacter(value)) return value;
  report('name', value === undefined ? `[[${kind}]] has no name` : "'name' must be a text on one line");
  return '';
}

function checkMethod(value: unknown, report: ReportMistake): BenchMethod {
  if (value === undefined) return 'GET';
  const method = BENCH_METHODS.find((known) => known === value);
  if (method) return method;
  report('method', `'method' must be one of ${BENCH_METHODS.join(', ')}, not ${JSON.stringify(value)}`);
  return 'GET';
}

function checkPath(value: unknown, kind: string, report: ReportMistake): string {
  if (value === undefined) report('path', `[[${kind}]] has no path`);
  else if (typeof value !== 'string') report('path', "'path' must be a text");
  else if (!value.startsWith('/')) report('path', `'path' must start with '/', not ${JSON.stringify(value)}`);
  else if (/\s/.test(withoutPlaceholders(value)) || hasControlCharacter(value)) {
    report('path', "'path' may hold no spaces: write %20");
  } else return checkTemplate('path', value, report);
  return '/';
}

function checkHeaders(value: unknown, report: ReportMistake): Record<string, string> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report('headers', '\'headers\' must be a table, e.g. { content-type = "application/json" }');
    return {};
  }
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) report('headers', `'${name}' is no header name`);
    else if (/^(content-length|connection|transfer-encoding)$/i.test(name)) {
      report('headers', `the header '${name}' is set by the load generator`);
    } else if (typeof text !== 'string' || hasControlCharacter(text)) {
      report('headers', `the header '${name}' must be a text on one line`);
    } else headers[name] = checkTemplate('headers', text, report);
  }
  return headers;
}

function checkBody(value: unknown, report: ReportMistake): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return checkTemplate('body', value, report);
  report('body', '\'body\' must be a text, e.g. \'{"name":"{{n}}"}\'');
  return undefined;
}

function checkExpect(value: unknown, report: ReportMistake): number[] | undefined {
  if (value === undefined) return undefined;
  const statuses = Array.isArray(value) ? value : [value];
  const valid = statuses.every((status) => Number.isInteger(status) && status >= 200 && status <= 599);
  if (valid && statuses.length > 0) return statuses;
  report('expect', "'expect' must be a status or a list of them from 200 to 599, e.g. 201 or [200, 307]");
  return undefined;
}

function checkCount(
  value: unknown,
  { key, max }: { key: string; max: number },
  report: ReportMistake,
): number {
  if (value === undefined) return 1;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
  report(key, `'${key}' must be a whole number from 1 to ${max}`);
  return 1;
}

function checkTemplate(key: string, text: string, report: ReportMistake): string {
  const mistakes: string[] = [];
  compileTemplate(text, mistakes);
  for (const mistake of mistakes) report(key, mistake);
  return text;
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}
