import { TEMPLATE_NAMES, placeholdersIn } from './environment-template';
import {
  findMistakes,
  isFlag,
  isListOfText,
  isPort,
  isSeconds,
  isTable,
  isText,
  shown,
  type Check,
  type Mistake,
  type UnknownTable,
} from './mistakes';
import { suggestion } from './nearest-name';
import type { MetadataSource, ServiceMetadata } from './service-metadata';
import type { ModelProblem } from './service-model';

/** Every key: its check, and its name in `ServiceMetadata`. */
const KEYS: Record<string, { check: Check; name: keyof ServiceMetadata }> = {
  service: { name: 'service', check: isFlag },
  binary: { name: 'binary', check: isText },
  args: { name: 'args', check: isListOfText },
  port: { name: 'port', check: isPort },
  needs: { name: 'needs', check: isListOfText },
  'test-needs': { name: 'testNeeds', check: areServers },
  env: {
    name: 'env',
    check: (value) => (isTable(value) ? undefined : `expected a table, not ${shown(value)}`),
  },
  health: { name: 'health', check: isUrlPath },
  migrations: { name: 'migrations', check: (value) => (value === false ? undefined : isRelativePath(value)) },
  'api-tests': { name: 'apiTests', check: isRelativePath },
  scenarios: { name: 'scenarios', check: isRelativePath },
  'grace-period': { name: 'gracePeriod', check: isSeconds(3600) },
  'start-timeout': { name: 'startTimeout', check: isSeconds(3600) },
};

const CHECKS = Object.fromEntries(Object.entries(KEYS).map(([key, { check }]) => [key, check]));

export interface ParsedMetadata {
  /** What is right in the table. */
  metadata: ServiceMetadata;
  problems: ModelProblem[];
}

/** Checks a metadata table; every mistake is a problem with file and line, and what is right is kept. */
export function parseServiceMetadata(value: unknown, source: MetadataSource): ParsedMetadata {
  if (value === undefined) return { metadata: {}, problems: [] };
  if (!isTable(value)) {
    return {
      metadata: {},
      problems: [metadataProblem(source, [], `expected a table, not ${shown(value)}`)],
    };
  }
  const mistakes = [...findMistakes(value, CHECKS), ...environmentMistakes(value['env'])];
  return {
    metadata: pickRight(value, mistakes),
    problems: mistakes.map(({ path, what }) => metadataProblem(source, path, what)),
  };
}

/** A problem of one key of a metadata table. */
export function metadataProblem(
  source: MetadataSource,
  path: string[],
  what: string,
  fix?: string,
): ModelProblem {
  const full = [...source.path, ...path];
  return {
    code: 'invalid-metadata',
    file: source.file,
    line: source.locate(full),
    what: `${full.join('.')}: ${what}`,
    fix: fix ?? `keys: ${Object.keys(KEYS).join(', ')}`,
    severity: 'inference',
  };
}

function pickRight(table: UnknownTable, mistakes: Mistake[]): ServiceMetadata {
  const wrong = new Set(mistakes.map(({ path }) => path[0]));
  const right = Object.entries(table).filter(([key]) => !wrong.has(key));
  return Object.fromEntries(right.map(([key, value]) => [KEYS[key]?.name, value])) as ServiceMetadata;
}

/** Per variable, so that each mistake has its own line. */
function environmentMistakes(env: unknown): Mistake[] {
  if (!isTable(env)) return [];
  return Object.entries(env).flatMap(([name, template]) =>
    mistakesOfVariable(name, template).map((what) => ({ path: ['env', name], what })),
  );
}

function mistakesOfVariable(name: string, template: unknown): string[] {
  if (!/^[A-Za-z_]\w*$/.test(name)) return [`${shown(name)} is no name of an environment variable`];
  if (typeof template !== 'string')
    return [`expected a text such as "{host}:{port}", not ${shown(template)}`];
  return placeholdersIn(template)
    .filter((placeholder) => !isKnownPlaceholder(placeholder))
    .map((placeholder) => `there is no {${placeholder}}: ${suggestion(placeholder, TEMPLATE_NAMES)}`);
}

function isKnownPlaceholder(placeholder: string): boolean {
  return TEMPLATE_NAMES.includes(placeholder) || /^service\..+\.(url|host|port)$/.test(placeholder);
}

function areServers(value: unknown): string | undefined {
  const wrong = isListOfText(value);
  if (wrong) return wrong;
  const unknown = (value as string[]).find((name) => name !== 'postgres' && name !== 'redis');
  return unknown === undefined ? undefined : `expected postgres or redis, not ${shown(unknown)}`;
}

function isUrlPath(value: unknown): string | undefined {
  return typeof value === 'string' && /^\/\S*$/.test(value)
    ? undefined
    : `expected the path of a URL such as /health, not ${shown(value)}`;
}

function isRelativePath(value: unknown): string | undefined {
  return (
    isText(value) ??
    (/^([/\\~]|[A-Za-z]:)/.test(value as string)
      ? `expected a path relative to the crate, not ${shown(value)}`
      : undefined)
  );
}
