import {
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

type Before = { content: Buffer } | { link: string } | undefined;

/** Changes of files that can all be taken back: the content that was there before, or nothing. */
export class Edits {
  private readonly before = new Map<string, Before>();
  private readonly folders: string[] = [];
  private readonly moved: Array<{ folder: string; aside: string }> = [];

  /** Nothing outside `base` is ever written: packages of the fixture are links to those of this repository. */
  constructor(private readonly base: string) {}

  async write(file: string, content: string): Promise<void> {
    await this.remember(file);
    const created = await mkdir(dirname(file), { recursive: true });
    if (created) this.folders.push(created);
    await this.assertOurs(file);
    await writeFile(file, content, { mode: (await lstat(file).catch(() => undefined))?.mode });
  }

  async edit(file: string, change: (text: string) => string): Promise<void> {
    const text = await readFile(file, 'utf8');
    const changed = change(text);
    if (changed === text) throw new Error(`the mutation changes nothing in ${file}`);
    await this.write(file, changed);
  }

  /** With all that is in it. */
  async removeFolder(folder: string): Promise<void> {
    const aside = await mkdtemp(join(this.base, 'tmp', 'aside-'));
    await rename(folder, join(aside, 'folder'));
    this.moved.push({ folder, aside: join(aside, 'folder') });
  }

  async remove(file: string): Promise<void> {
    await this.remember(file);
    await rm(file, { recursive: true, force: true });
  }

  /** What stands in the place of a link is removed again. */
  async replaceLink(file: string, make: () => Promise<void>): Promise<void> {
    await this.remove(file);
    await make();
  }

  async revert(): Promise<void> {
    for (const [file, before] of this.before) {
      if (before && 'content' in before) await writeFile(file, before.content);
      else {
        await rm(file, { recursive: true, force: true });
        if (before) await symlink(before.link, file);
      }
    }
    this.before.clear();
    for (const { folder, aside } of this.moved.splice(0)) await rename(aside, folder);
    for (const folder of this.folders.splice(0)) await rm(folder, { recursive: true, force: true });
  }

  private async remember(file: string): Promise<void> {
    if (this.before.has(file)) return;
    const found = await lstat(file).catch(() => undefined);
    if (found?.isSymbolicLink()) this.before.set(file, { link: await readlink(file) });
    else this.before.set(file, found && { content: await readFile(file) });
  }

  private async assertOurs(file: string): Promise<void> {
    const link = (await lstat(file).catch(() => undefined))?.isSymbolicLink() ?? false;
    const folder = await realpath(dirname(file));
    if (link || !`${folder}${sep}`.startsWith(`${this.base}${sep}`)) {
      throw new Error(`${file} does not belong to the fixture`);
    }
  }
}
