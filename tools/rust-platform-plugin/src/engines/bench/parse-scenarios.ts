import { parse, TomlError } from 'smol-toml';
import { EXIT, PlatformError } from '../../errors';
import { checkRequest } from './check-request';
import type { BenchPlan, Scenario, SetupRequest } from './scenarios';
import { findTableLines, type ReportMistake } from './toml-lines';

/**
 * Untrusted text → plan. All mistakes are reported at once.
 * @param file as shown to the user, e.g. `services/shortener/bench/scenarios.toml`
 * @throws PlatformError `invalid-scenarios` with `file:line` for every mistake
 */
export function parseScenarios(text: string, file: string): BenchPlan {
  const document = parseToml(text, file);
  const lines = findTableLines(text);
  const mistakes: string[] = [];
  const at = (name: string, index: number): ReportMistake => {
    const table = lines.get(name)?.[index];
    return (key, what) => {
      const line = (key === undefined ? undefined : table?.keys.get(key)) ?? table?.header ?? 1;
      mistakes.push(`${file}:${line}: ${what}`);
    };
  };
  for (const key of Object.keys(document)) {
    if (key === 'setup' || key === 'scenario') continue;
    at('', 0)(key, `unknown key '${key}': there may be [[setup]] and [[scenario]]`);
  }
  const setup = tablesOf(document, 'setup', at).map((table, index) =>
    checkRequest(table, 'setup', at('setup', index)),
  );
  const scenarios = tablesOf(document, 'scenario', at).map((table, index) =>
    checkRequest(table, 'scenario', at('scenario', index)),
  );
  reportDuplicates(scenarios, at);
  if (document['scenario'] === undefined) mistakes.push(`${file}:1: there is no [[scenario]]`);
  if (mistakes.length > 0) throw invalid(file, mistakes);
  return { setup: setup as SetupRequest[], scenarios: scenarios as Scenario[], source: 'file' };
}

function parseToml(text: string, file: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0]?.replace('Invalid TOML document: ', '');
    throw invalid(file, [`${file}:${error.line}: no valid TOML: ${reason}`]);
  }
}

function tablesOf(
  document: Record<string, unknown>,
  name: 'setup' | 'scenario',
  at: (name: string, index: number) => ReportMistake,
): Array<Record<string, unknown>> {
  const value = document[name];
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length > 0 && value.every(isTable)) return value;
  at('', 0)(name, `'${name}' must be tables of the form [[${name}]]`);
  return [];
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function reportDuplicates(
  scenarios: ReadonlyArray<{ name: string }>,
  at: (name: string, index: number) => ReportMistake,
): void {
  for (const [index, { name }] of scenarios.entries()) {
    const first = scenarios.findIndex((other) => other.name === name);
    if (name !== '' && first < index) at('scenario', index)('name', `the name '${name}' is used twice`);
  }
}

function invalid(file: string, mistakes: string[]): PlatformError {
  return new PlatformError({
    code: 'invalid-scenarios',
    what: `${file} has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}`,
    why: mistakes.join('\n'),
    fix: 'correct the lines named; keys are name, method, path, headers, body, expect, and weight ([[scenario]]) or repeat ([[setup]])',
    exitCode: EXIT.usage,
  });
}
