import type { Node } from 'jsonc-parser';

/** Loaded only when asked: only mistakes have a place. */
function library(): typeof import('jsonc-parser') {
  return require('jsonc-parser') as typeof import('jsonc-parser');
}

/** Line (from 1) of a key in the options of this plugin's entry in nx.json. */
export function locateJsonKey(text: string, path: string[]): number | undefined {
  const { findNodeAtLocation, parseTree } = library();
  const tree = parseTree(text, undefined, { allowTrailingComma: true });
  const plugins = tree && findNodeAtLocation(tree, ['plugins']);
  const entry = plugins?.children?.find((child) => nameOf(child) === 'rust-platform-plugin');
  const options = entry && findNodeAtLocation(entry, ['options']);
  if (!options) return undefined;
  const segments = path.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  const node = findNodeAtLocation(options, segments);
  const offset = (node?.parent?.type === 'property' ? node.parent.offset : node?.offset) ?? options.offset;
  return lineAt(text, offset);
}

/**
 * Line (from 1) of a key of a TOML document, given as the path of its tables and its name: as `[a.b]` with `key = …`, as a
 * dotted key, or inside an inline table (then the line of that table). `undefined` when it is not there.
 */
export function locateTomlKey(text: string, path: string[]): number | undefined {
  let table: string[] = [];
  let nearest: { length: number; line: number } | undefined;
  for (const { content, line } of logicalLines(text)) {
    const header = /^\s*\[\[?([^\]]+)\]\]?/.exec(content);
    if (header?.[1] !== undefined) table = splitKey(header[1]);
    const key = header ? [] : splitKey(/^([^=]*?)\s*=/.exec(content)?.[1] ?? '');
    const full = [...table, ...key];
    if ((header || key.length > 0) && isPrefix(full, path) && full.length > (nearest?.length ?? 0)) {
      nearest = { length: full.length, line: line + linesBefore(content, path.slice(full.length)) };
    }
  }
  return nearest?.line;
}

function nameOf(entry: Node): unknown {
  return entry.type === 'string' ? entry.value : library().findNodeAtLocation(entry, ['plugin'])?.value;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Lines, those of a multi-line array or inline table joined, comments and multi-line strings left out. */
function* logicalLines(text: string): Generator<{ content: string; line: number }> {
  const plain = text.replace(/"""[\s\S]*?"""|'''[\s\S]*?'''/g, (match) => `""${match.replace(/[^\n]/g, '')}`);
  let start = 1;
  let content = '';
  for (const [index, raw] of plain.split('\n').entries()) {
    if (content === '') start = index + 1;
    content += (content === '' ? '' : '\n') + withoutComment(raw);
    if (depthOf(content) > 0 && !/^\s*\[/.test(content)) continue;
    yield { content, line: start };
    content = '';
  }
}

function withoutComment(line: string): string {
  return /^(?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*')*/.exec(line)?.[0] ?? line;
}

function depthOf(content: string): number {
  const code = content.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '');
  return (code.match(/[[{]/g)?.length ?? 0) - (code.match(/[\]}]/g)?.length ?? 0);
}

function splitKey(text: string): string[] {
  const parts = text.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^\s."']+/g) ?? [];
  return parts.map((part) => part.replace(/^["']|["']$/g, ''));
}

/** How many lines further down an inline table names the next key. */
function linesBefore(content: string, rest: string[]): number {
  const [key] = rest;
  if (key === undefined) return 0;
  const line = content.split('\n').findIndex((part) => splitKey(part.replace(/[={,]/g, ' ')).includes(key));
  return Math.max(line, 0);
}

function isPrefix(prefix: string[], path: string[]): boolean {
  return prefix.length <= path.length && prefix.every((key, index) => key === path[index]);
}
