import { createReadStream } from 'node:fs';
import { sep } from 'node:path';

/** Shorter ones (`/app`, `/src`) are part of too many other texts to prove anything. */
const FEWEST_PARTS = 3;

/**
 * Which folders of this machine a finished binary names in spite of remapping: `env!("CARGO_MANIFEST_DIR")`,
 * `env!("OUT_DIR")`, what a build script wrote, `__FILE__` of C code.
 */
export async function findBakedPaths(file: string, folders: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(folders)].filter(
    (folder) => folder.split(sep).filter(Boolean).length >= FEWEST_PARTS,
  );
  const texts = new Map(wanted.map((folder) => [folder, Buffer.from(folder)]));
  const overlap = Math.max(0, ...[...texts.values()].map(({ length }) => length - 1));
  const found = new Set<string>();
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const window = Buffer.concat([rest, chunk]);
    for (const [folder, text] of texts) if (!found.has(folder) && window.includes(text)) found.add(folder);
    rest = window.subarray(Math.max(0, window.length - overlap));
  }
  return wanted.filter((folder) => found.has(folder));
}
