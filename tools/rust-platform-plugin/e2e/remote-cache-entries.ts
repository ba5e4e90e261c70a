import { execa } from 'execa';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RemoteCacheServer } from '../src/testing/remote-cache-server';

/** Unpacks every entry; resolves with the files, as `<hash>/<path>`, whose name or content holds the text. */
export async function entriesHolding({ entries }: RemoteCacheServer, text: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rp-e2e-entries-'));
  const found: string[] = [];
  try {
    for (const [hash, body] of entries) {
      const place = join(folder, hash);
      await mkdir(place);
      await writeFile(join(folder, 'entry.tgz'), body);
      await execa('tar', ['-xzf', join(folder, 'entry.tgz'), '-C', place]);
      for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath ?? entry.path, entry.name);
        const name = path.slice(folder.length + 1);
        if (name.includes(text) || (entry.isFile() && (await readFile(path)).includes(text)))
          found.push(name);
      }
    }
    return found.sort();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
