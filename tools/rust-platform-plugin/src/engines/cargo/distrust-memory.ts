import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What the last cargo of a kind saw of a crate. */
export interface SeenCrate {
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** Path → hash. */
  tracked: Record<string, string>;
  /** Of everything that cargo takes no notice of. */
  untracked: string;
  /** Time of each dep-info: rustc writes one whenever it compiles, whoever called it. */
  compiled: Record<string, number>;
  /** Program → its dep-info and its stamp. */
  programs: Record<string, { depInfo: string; stamp: string }>;
}

/** In the target directory, so it goes where cargo's own memory goes; a file for each crate, since several tasks write. */
export class DistrustMemory {
  private readonly folder: string;

  constructor(targetDirectory: string, command: string) {
    this.folder = join(targetDirectory, 'rust-platform', 'fresh', command);
  }

  crate(root: string): Promise<SeenCrate | undefined> {
    return readJson<SeenCrate>(this.file(root));
  }

  async remember(root: string, seen: SeenCrate): Promise<void> {
    await writeJson(this.file(root), seen);
  }

  /** Files of flags concern everything in the target directory, downloads too. */
  flags(): Promise<{ digest: string } | undefined> {
    return readJson<{ digest: string }>(join(dirname(this.folder), 'flags.json'));
  }

  async rememberFlags(digest: string): Promise<void> {
    await writeJson(join(dirname(this.folder), 'flags.json'), { digest });
  }

  private file(root: string): string {
    return join(this.folder, `${createHash('sha256').update(root).digest('hex').slice(0, 24)}.json`);
  }
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

async function writeJson(file: string, value: unknown): Promise<void> {
  const draft = `${file}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(draft, JSON.stringify(value));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
