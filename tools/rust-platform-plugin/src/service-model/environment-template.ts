import { EXIT, PlatformError } from '../errors';

/** What a template may name, besides `service.<name>.url|host|port`. */
export const TEMPLATE_NAMES = [
  'host',
  'port',
  ...['url', 'host', 'port', 'user', 'password', 'database'].map((part) => `postgres.${part}`),
  ...['url', 'host', 'port', 'database', 'prefix'].map((part) => `redis.${part}`),
  'service.<name>.url',
  'service.<name>.host',
  'service.<name>.port',
];

/** `{name}`; `{{name}}` is the text `{name}`. Any other brace is a brace. */
const PLACEHOLDER = /\{\{([a-z][\w.-]*)\}\}|\{([a-z][\w.-]*)\}/g;

export function placeholdersIn(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].flatMap((match) => (match[2] === undefined ? [] : [match[2]]));
}

/**
 * Fills a template of `[package.metadata.rust-platform.env]`. Throws PlatformError `unknown-placeholder` (exit 2) for a
 * value that this start does not have, e.g. `{redis.url}` of a service that needs no Redis.
 */
export function fillTemplate(variable: string, template: string, values: Record<string, string>): string {
  return template.replace(PLACEHOLDER, (_whole, literal: string | undefined, name: string | undefined) => {
    if (name === undefined) return `{${literal}}`;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw unknownPlaceholder(variable, name, values);
    return value;
  });
}

function unknownPlaceholder(variable: string, name: string, values: Record<string, string>): PlatformError {
  const [kind = '', service] = name.split('.');
  const need = kind === 'service' ? service : kind;
  return new PlatformError({
    code: 'unknown-placeholder',
    what: `${variable} asks for {${name}}, which this service is not given`,
    why: `it is given ${Object.keys(values).sort().join(', ')}`,
    fix: `add "${need}" to needs in [package.metadata.rust-platform], or change ${variable}`,
    exitCode: EXIT.usage,
  });
}
