import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isTable, stringAt, stringsAt, tableAt, type TomlTable } from '../../cargo/manifest';
import { canonicalJson } from '../../cargo/manifest-facts/manifest-fact';
import { expandDotenv } from '../../service-model/read-dotenv';
import { hidden } from './ingredient';

const IMAGES = {
  postgres: /^(postgres|postgresql|postgis|pgvector|timescaledb|timescaledb-ha)$/,
  redis: /^(redis|valkey|redis-stack|redis-stack-server|keydb|dragonfly)$/,
};

/** The Compose file of a repository, as far as keys go. Unreadable: as if there were none, `deps` says what is wrong. */
export class ComposeServices {
  private readonly services: TomlTable;
  private readonly variables: Record<string, string | undefined>;

  constructor(file: string, env: NodeJS.ProcessEnv) {
    this.services = tableAt(documentOf(file), 'services');
    this.variables = { ...dotenvBeside(file, env), ...env };
  }

  /** e.g. `postgres 16`: image and major version of the first service that is such a server. */
  image(kind: 'postgres' | 'redis'): string | undefined {
    for (const definition of Object.values(this.services)) {
      const image = isTable(definition) ? this.filled(stringAt(definition, 'image') ?? '') : '';
      const [, name = '', tag = 'latest'] = /^(?:.*\/)?([^/:@]+)(?::([^@]+))?(?:@.*)?$/.exec(image) ?? [];
      if (IMAGES[kind].test(name)) return `${name} ${/\d+/.exec(tag)?.[0] ?? tag}`;
    }
    return undefined;
  }

  /** A hash of what the file says about a service and about those that it waits for. */
  definition(service: string): string {
    const reached = new Map<string, unknown>();
    const queue = [service];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (reached.has(name)) continue;
      const definition = this.services[name];
      reached.set(name, definition ?? null);
      if (isTable(definition)) queue.push(...dependenciesOf(definition));
    }
    return hidden(this.filled(canonicalJson([...reached].sort())));
  }

  /** With the variables that it names: which of the defaults they override cannot change a result unseen. */
  private filled(text: string): string {
    return text.replace(/\$(?:(\w+)|\{(\w+)([^}]*)\})/g, (all, plain?: string, name = plain, rest = '') => {
      const value = this.variables[name as string];
      if (value !== undefined && value !== '') return value;
      return /^:?-/.test(rest as string) ? (rest as string).replace(/^:?-/, '') : `${all}`;
    });
  }
}

function dependenciesOf(definition: TomlTable): string[] {
  return [...stringsAt(definition, 'depends_on'), ...Object.keys(tableAt(definition, 'depends_on'))];
}

function documentOf(file: string): unknown {
  try {
    const text = readFileSync(file, 'utf8');
    // Loaded only here: most keys never look at the Compose file.
    const { parse } = require('yaml') as typeof import('yaml');
    return parse(text);
  } catch {
    return undefined;
  }
}

function dotenvBeside(file: string, env: NodeJS.ProcessEnv): Record<string, string> {
  try {
    return expandDotenv(readFileSync(join(dirname(file), '.env'), 'utf8'), env);
  } catch {
    return {};
  }
}
