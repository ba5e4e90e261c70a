import { createHmac, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret of this checkout: what is short enough to be guessed cannot be found by hashing guesses. */
export class Salt {
  private readonly known = new Map<string, string>();

  constructor(private readonly secret: Buffer) {}

  hash(value: string): string {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const hash = createHmac('sha256', this.secret).update(value).digest('hex').slice(0, 32);
    this.known.set(value, hash);
    return hash;
  }
}

const BYTES = 32;

/** Makes the secret the first time. Two runs may do that at once: the first one counts for both. */
export async function openSalt(folder: string): Promise<Salt> {
  const file = join(folder, 'salt');
  const found = await readFile(file).catch(() => undefined);
  if (found?.length === BYTES) return new Salt(found);
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `salt.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  try {
    await writeFile(draft, randomBytes(BYTES), { mode: 0o600 });
    if (found) await rm(file, { force: true });
    await link(draft, file).catch(() => undefined);
  } finally {
    await rm(draft, { force: true });
  }
  return new Salt(await readFile(file));
}
