import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node, ParseError } from 'jsonc-parser';
import { EXIT, PlatformError } from '../errors';

/** At the root of the workspace; committed. */
export const LEARNED_INPUTS_FILE = 'rust-inputs.json';

/** What no scan can tell of a crate, and a build or a person has. */
export interface LearnedCrate {
  /** Files and folders, relative to the workspace root; `.git` stands for the state of git. */
  files: string[];
  /** Names; `CARGO_MANIFEST_DIR` stands for a path that ends in the binary. */
  environment: string[];
  /** Reasons of the scan that these answer. */
  settles: string[];
}

/** By project. */
export type LearnedInputs = Record<string, LearnedCrate>;

const LISTS = ['files', 'environment', 'settles'] as const;

export const NOTHING_LEARNED: LearnedCrate = { files: [], environment: [], settles: [] };

/** Nothing without the file; throws `learned-inputs-invalid` with the line for whatever it should not hold. */
export function readLearnedInputs(workspaceRoot: string): LearnedInputs {
  let text: string;
  try {
    text = readFileSync(join(workspaceRoot, LEARNED_INPUTS_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw invalid(LEARNED_INPUTS_FILE, `cannot be read: ${(error as Error).message}`);
  }
  return parseLearnedInputs(text, LEARNED_INPUTS_FILE);
}

export function parseLearnedInputs(text: string, file: string): LearnedInputs {
  const refuse = (node: Node | number, what: string): never => {
    const offset = typeof node === 'number' ? node : node.offset;
    throw invalid(`${file}:${text.slice(0, offset).split('\n').length}`, what);
  };
  // Loaded only here: inference wants the name of the file alone.
  const { parseTree, printParseErrorCode } = require('jsonc-parser') as typeof import('jsonc-parser');
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { disallowComments: true });
  const [first] = errors;
  if (first) refuse(first.offset, `is no JSON: ${printParseErrorCode(first.error)}`);
  if (root?.type !== 'object') return refuse(root ?? 0, 'is no JSON object');
  const found: LearnedInputs = {};
  const top = propertiesOf(root, refuse);
  for (const [key, node] of top) {
    if (key === 'schemaVersion') expectVersion(node, refuse);
    else if (key === 'crates') Object.assign(found, cratesOf(node, refuse));
    else refuse(node, `holds the unknown key ${key}`);
  }
  if (!top.has('schemaVersion')) refuse(root, 'has no schemaVersion');
  return found;
}

type Refuse = (node: Node | number, what: string) => never;

function expectVersion(node: Node, refuse: Refuse): void {
  if (node.value !== 1) refuse(node, `has schemaVersion ${String(node.value)}, this version reads 1`);
}

function cratesOf(node: Node, refuse: Refuse): LearnedInputs {
  const crates: LearnedInputs = {};
  for (const [project, value] of propertiesOf(node, refuse)) crates[project] = crateOf(value, refuse);
  return crates;
}

function crateOf(node: Node, refuse: Refuse): LearnedCrate {
  const crate: LearnedCrate = { files: [], environment: [], settles: [] };
  for (const [key, value] of propertiesOf(node, refuse)) {
    const list = LISTS.find((name) => name === key);
    if (!list) return refuse(value, `holds the unknown key ${key}; known are ${LISTS.join(', ')}`);
    crate[list] = textsOf(value, refuse);
  }
  for (const file of crate.files) {
    if (file === '' || file.includes('\0')) refuse(node, `names ${JSON.stringify(file)}, which is no file`);
  }
  for (const name of crate.environment) {
    if (!/^[^=\s\0]+$/.test(name)) refuse(node, `names ${JSON.stringify(name)}, which is no variable`);
  }
  return crate;
}

function textsOf(node: Node, refuse: Refuse): string[] {
  if (node.type !== 'array') return refuse(node, 'holds something else where a list of texts belongs');
  return (node.children ?? []).map((child) =>
    child.type === 'string'
      ? (child.value as string)
      : refuse(child, 'holds something else where a text belongs'),
  );
}

/** Keys and values of an object; twice the same key is a mistake that JSON.parse would hide. */
function propertiesOf(node: Node, refuse: Refuse): Map<string, Node> {
  if (node.type !== 'object') return refuse(node, 'holds something else where an object belongs');
  const found = new Map<string, Node>();
  for (const { children, offset } of node.children ?? []) {
    const [key, value] = children ?? [];
    if (!key || !value) return refuse(offset, 'holds a key without a value');
    if (found.has(key.value as string)) refuse(key, `holds ${String(key.value)} twice`);
    found.set(key.value as string, value);
  }
  return found;
}

/** One with everything of both, sorted, each entry once. */
export function mergeLearned(a: LearnedCrate, b: LearnedCrate): LearnedCrate {
  const union = (list: (typeof LISTS)[number]) => [...new Set([...a[list], ...b[list]])].sort();
  return { files: union('files'), environment: union('environment'), settles: union('settles') };
}

/** The text of the file: the same for the same content, whoever writes it. Empty crates are left out. */
export function formatLearnedInputs(inputs: LearnedInputs): string {
  const crates = Object.keys(inputs)
    .sort()
    .map((project) => [project, mergeLearned(inputs[project] ?? NOTHING_LEARNED, NOTHING_LEARNED)] as const)
    .filter(([, crate]) => LISTS.some((list) => crate[list].length > 0));
  return `${JSON.stringify({ schemaVersion: 1, crates: Object.fromEntries(crates) }, null, 2)}\n`;
}

function invalid(place: string, what: string): PlatformError {
  return new PlatformError({
    code: 'learned-inputs-invalid',
    what: `${place} ${what}`,
    why: 'every cache key depends on this file, so nothing of it is guessed',
    fix: `correct ${LEARNED_INPUTS_FILE}, or delete it and run rust-platform learn after a build`,
    exitCode: EXIT.usage,
  });
}
