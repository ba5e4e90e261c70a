import { resolve } from 'node:path';

/** What one unit was compiled from, by rustc's own account. */
export interface DepInfo {
  /** Absolute, without `..`, each once. */
  files: string[];
  /** Variables that `env!` and `option_env!` asked for. */
  environment: string[];
  /** The first line that is none of rustc's format: of a torn file, or of another compiler. */
  problem?: string;
}

const ENVIRONMENT = /^# env-dep:([^=]+)/;

/**
 * The text of a `.d` file. Its paths are relative to `base`, the folder that cargo ran rustc in. Blanks in them are escaped,
 * other characters are not; comments that are not known (checksums, of nightly compilers) say nothing about the files.
 */
export function parseDepInfo(text: string, base: string): DepInfo {
  // The same list stands behind each file that was made.
  const written = new Set<string>();
  const environment = new Set<string>();
  let problem: string | undefined;
  let rules = 0;
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const name = ENVIRONMENT.exec(line)?.[1];
    if (name !== undefined) environment.add(name);
    if (line.startsWith('#')) continue;
    const dependencies = dependenciesOf(line);
    if (dependencies) rules += 1;
    else problem ??= `${JSON.stringify(line.slice(0, 60))} is no rule`;
    for (const path of dependencies ?? []) written.add(path);
  }
  if (rules === 0) problem ??= 'it holds no rule';
  const files = new Set([...written].map((path) => resolve(base, path)));
  return { files: [...files], environment: [...environment], ...(problem === undefined ? {} : { problem }) };
}

/** Behind `target:`; a drive letter is followed by no blank. `undefined`: the line is no rule. */
function dependenciesOf(line: string): string[] | undefined {
  if (line.endsWith(':')) return [];
  const colon = line.indexOf(': ');
  if (colon <= 0 || line.includes('\0')) return undefined;
  const paths: string[] = [];
  for (const word of line.slice(colon + 2).split(' ')) {
    const last = paths.at(-1);
    if (last?.endsWith('\\')) paths[paths.length - 1] = `${last.slice(0, -1)} ${word}`;
    else if (word !== '' || paths.length === 0) paths.push(word);
  }
  return paths.filter((path) => path !== '');
}
