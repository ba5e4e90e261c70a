/** Where the entries of arrays of tables stand: the parser itself gives lines only for syntax errors. */
export interface TableLines {
  /** Line of the `[[name]]` header, from 1. */
  header: number;
  keys: Map<string, number>;
}

/** Called with the key (none: the table itself) and what is wrong with it. */
export type ReportMistake = (key: string | undefined, what: string) => void;

const ARRAY_HEADER = /^\s*\[\[\s*([A-Za-z0-9_-]+)\s*\]\]/;
const TABLE_HEADER = /^\s*\[\s*([A-Za-z0-9_-]+)(?:\s*\.\s*([A-Za-z0-9_-]+))?\s*\]/;
const KEY = /^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*(?:\.|=)/;

/** The text must already have been parsed: this only counts lines. Keys of the top level stand under ''. */
export function findTableLines(text: string): Map<string, TableLines[]> {
  const found = new Map<string, TableLines[]>([['', [{ header: 1, keys: new Map() }]]]);
  let current = found.get('')?.[0];
  let multiline: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (multiline) {
      if (line.includes(multiline)) multiline = undefined;
      continue;
    }
    current = enterTable(line, index + 1, found) ?? current;
    const key = KEY.exec(line)?.[1]?.replace(/^["']|["']$/g, '');
    if (key !== undefined && current && !current.keys.has(key)) current.keys.set(key, index + 1);
    multiline = opensMultiline(line);
  }
  return found;
}

function enterTable(line: string, number: number, found: Map<string, TableLines[]>): TableLines | undefined {
  const array = ARRAY_HEADER.exec(line)?.[1];
  if (array !== undefined) {
    const table = { header: number, keys: new Map<string, number>() };
    found.set(array, [...(found.get(array) ?? []), table]);
    return table;
  }
  const [, table, key] = TABLE_HEADER.exec(line) ?? [];
  if (table === undefined) return undefined;
  const parent = key === undefined ? found.get('')?.[0] : found.get(table)?.at(-1);
  parent?.keys.set(key ?? table, number);
  return { header: number, keys: new Map() };
}

function opensMultiline(line: string): string | undefined {
  return ['"""', "'''"].find((quotes) => line.split(quotes).length === 2);
}
