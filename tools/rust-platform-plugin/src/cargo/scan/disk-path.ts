import { readdirSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';

/**
 * Names that are no UTF-8 are kept as texts in which each such byte is a lone surrogate (U+DC80 to U+DCFF), which no real
 * name holds: so paths stay texts, and the same name gives the same text everywhere.
 */
const ESCAPED = /[\udc80-\udcff]/;
/** What Node puts in place of such a byte, so that nobody finds the file again. */
const REPLACED = '\ufffd';

/** What the functions of `fs` find the file by. */
export function onDisk(path: string): string | Buffer {
  if (!ESCAPED.test(path)) return path;
  const parts = path.split(/([\udc80-\udcff])/).map((part) => {
    const code = part.charCodeAt(0);
    return part.length === 1 && code >= 0xdc80 && code <= 0xdcff
      ? Buffer.from([code - 0xdc00])
      : Buffer.from(part, 'utf8');
  });
  return Buffer.concat(parts);
}

/** For a person: `\xff` for such a byte. */
export function showPath(path: string): string {
  return path.replace(/[\udc80-\udcff]/g, (byte) => `\\x${(byte.charCodeAt(0) - 0xdc00).toString(16)}`);
}

/** The name as text, when Node could not read it. */
export function realNames(folder: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const raw of readdirSync(onDisk(folder), { encoding: 'buffer' })) {
    const lossy = raw.toString('utf8');
    names.set(lossy, [...(names.get(lossy) ?? []), escaped(raw)]);
  }
  return names;
}

export function isLossy(name: string): boolean {
  return name.includes(REPLACED);
}

/** Byte by byte, since a decoder does not tell where it gave up. */
function escaped(raw: Buffer): string {
  let text = '';
  for (let at = 0; at < raw.length;) {
    const length = [1, 2, 3, 4].find(
      (size) => at + size <= raw.length && isUtf8(raw.subarray(at, at + size)),
    );
    text +=
      length === undefined
        ? String.fromCharCode(0xdc00 + (raw[at] ?? 0))
        : raw.toString('utf8', at, at + length);
    at += length ?? 1;
  }
  return text;
}
