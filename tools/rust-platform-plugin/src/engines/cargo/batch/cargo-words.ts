import { stripAnsi } from '../cargo-failures';

/** What cargo itself said on stderr, taken apart. */
export interface CargoWords {
  /** Of one package: build scripts that failed or warn, compilers that were killed. */
  packages: PackageWords[];
  /** Of none, e.g. a stale lock or an unused key of a manifest. */
  others: string;
}

export interface PackageWords {
  name: string;
  /** Folder of the package as far as cargo names it. */
  folder: string | undefined;
  isError: boolean;
  text: string;
}

/** A verb, right-aligned in twelve columns. */
const STATUS = /^ *[A-Z][A-Za-z-]+$/u;
const STATUS_WIDTH = 12;
const HEAD = /^(error|warning|note|help)(?:\[\w+\])?: /u;
/** They count what is shown anyway, or are due to the way we call cargo. */
const REPEATED = [
  /^warning: `[^`]+` \(.*\) generated \d+ warnings?/u,
  /^error: could not compile `[^`]+` \(.*\) due to \d+ previous errors?/u,
  /^warning: build failed, waiting for other jobs to finish/u,
  /^warning: target filter .* no targets matched/u,
];
const PACKAGES = [
  /^error: (?:failed to run custom build command for|.* in build script of) `(?<name>[\w-]+) v\d[^`(]*(?:\((?<folder>[^)`]+)\))?`/u,
  /^error: could not compile `(?<name>[\w-]+)`/u,
  /^warning: (?<name>[\w-]+)@\d[^:]*: /u,
];

/** `   Compiling links v0.1.0`: says how far cargo is, and differs from run to run. */
export function isProgress(line: string): boolean {
  const plain = stripAnsi(line);
  return plain[STATUS_WIDTH] === ' ' && STATUS.test(plain.slice(0, STATUS_WIDTH));
}

export function parseCargoWords(stderr: string): CargoWords {
  const words: CargoWords = { packages: [], others: '' };
  for (const block of blocksOf(stderr)) {
    const text = `${block.join('\n').trimEnd()}\n`;
    const head = stripAnsi(block[0] ?? '');
    if (text.trim() === '' || (block.slice(1).join('').trim() === '' && isRepeated(head))) continue;
    if (/^warning: output filename collision/u.test(head)) continue;
    const found = PACKAGES.map((pattern) => pattern.exec(head)?.groups).find(Boolean);
    if (!found) words.others += text;
    else {
      const { name = '', folder } = found;
      words.packages.push({ name, folder, isError: head.startsWith('error'), text });
    }
  }
  return words;
}

function isRepeated(head: string): boolean {
  return REPEATED.some((pattern) => pattern.test(head));
}

/** A message begins at the left edge and goes on until the next one or a status line. */
function blocksOf(stderr: string): string[][] {
  const blocks: string[][] = [[]];
  for (const line of stderr.split(/\r?\n/u)) {
    if (isProgress(line)) blocks.push([]);
    else if (HEAD.test(stripAnsi(line))) blocks.push([line]);
    else blocks.at(-1)?.push(line);
  }
  return blocks;
}
