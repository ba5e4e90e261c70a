import { stripAnsi } from './cargo-failures';

/** A part of what rustfmt printed: a difference, or a message. */
export interface RustfmtBlock {
  kind: 'difference' | 'error' | 'remark';
  /** The first absolute path in it, as rustfmt came to it: below the folder of the crate that leads to the file. */
  file: string | undefined;
  /** Without the folder of the workspace. */
  text: string;
}

const DIFFERENCE = /^Diff in (.+?):(?:\d+:)?$/u;
const ERROR = /^(?:error(?:\[\w+\])?: |Error )/u;
const HEAD = /^(?:error(?:\[\w+\])?: |warning: |Error |Warning: )/u;
const PLACE = /(?:^|[\s`'"(])(\/[^\n`'"]+?)(?::\d+|[`'"]|\s|$)/mu;

/** `root`: absolute, links resolved. */
export function parseRustfmtOutput(output: { stdout: string; stderr: string }, root: string): RustfmtBlock[] {
  const blocks = [
    ...split(output.stdout, (line) => DIFFERENCE.test(line)),
    ...split(output.stderr, (line) => HEAD.test(line)),
  ];
  const known = new Set<string>();
  return blocks
    .map((lines) => blockOf(lines, root))
    .filter(({ kind, text }) => {
      // It repeats its remarks on the settings for every file.
      const isNew = kind === 'difference' || !known.has(text);
      known.add(text);
      return isNew;
    });
}

function split(text: string, isHead: (plain: string) => boolean): string[][] {
  const blocks: string[][] = [];
  for (const line of text.split('\n')) {
    if (isHead(stripAnsi(line)) || blocks.length === 0) blocks.push([line]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.filter((lines) => lines.join('').trim() !== '');
}

function blockOf(lines: string[], root: string): RustfmtBlock {
  const text = lines.join('\n').trimEnd();
  const plain = stripAnsi(text);
  const head = plain.split('\n')[0] ?? '';
  const difference = DIFFERENCE.exec(head)?.[1];
  return {
    kind: difference === undefined ? (ERROR.test(head) ? 'error' : 'remark') : 'difference',
    file: difference ?? PLACE.exec(plain)?.[1],
    text: text.replaceAll(`${root}/`, ''),
  };
}
