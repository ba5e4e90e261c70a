import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParseError } from 'jsonc-parser';
import { EXIT, PlatformError } from '../errors';
import { isTable } from './mistakes';
import { parsePlatformOptions } from './parse-platform-options';
import { DEFAULT_OPTIONS, type PlatformOptions } from './platform-options';

const PLUGIN = 'rust-platform-plugin';

/**
 * Options of this plugin's entry in nx.json, read without Nx; the defaults when there is no file or entry. Throws
 * PlatformError `invalid-options` or `nx-json-unreadable` (exit 2).
 */
export async function loadPlatformOptions(workspaceRoot: string): Promise<PlatformOptions> {
  const text = await readNxJson(workspaceRoot);
  if (text === undefined) return { ...DEFAULT_OPTIONS };
  return parsePlatformOptions(pluginOptions(parseJson(text)), 'nx.json', text);
}

/** `undefined` when there is none. */
export async function readNxJson(workspaceRoot: string): Promise<string | undefined> {
  return readFile(join(workspaceRoot, 'nx.json'), 'utf8').catch(() => undefined);
}

function parseJson(text: string): unknown {
  // Loaded only here: Nx hands the options over where it makes the graph.
  const { parse, printParseErrorCode } = require('jsonc-parser') as typeof import('jsonc-parser');
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first) return value;
  const line = text.slice(0, first.offset).split('\n').length;
  throw new PlatformError({
    code: 'nx-json-unreadable',
    what: `nx.json:${line}: ${printParseErrorCode(first.error)}`,
    fix: 'correct the line',
    exitCode: EXIT.usage,
  });
}

function pluginOptions(nxJson: unknown): unknown {
  const plugins = isTable(nxJson) && Array.isArray(nxJson['plugins']) ? nxJson['plugins'] : [];
  const entry = plugins.find((plugin: unknown) => isTable(plugin) && plugin['plugin'] === PLUGIN) as
    { options?: unknown } | undefined;
  return entry?.options;
}
