import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { writeFiles } from '../../testing/write-files';
import { onDisk, showPath } from './disk-path';
import { filesBelow } from './files-below';
import { ScanCache } from './scan-cache';
import { scanCrate, type CrateScan } from './scan-crate';

describe('a crate with strange files', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder('strange');
    await writeFiles(folder.path, { 'crate/src/lib.rs': '' });
  });
  afterEach(() => folder.remove());

  const scan = (): CrateScan => {
    const cache = ScanCache.open(folder.path, {});
    const root = join(folder.path, 'crate');
    const found = scanCrate({
      root,
      targetSources: [],
      otherRoots: new Set(),
      repository: folder.path,
      cache,
    });
    cache.save();
    return found;
  };
  const contentOf = (name: string, { content } = scan()): string | undefined =>
    content[join(folder.path, name)];
  const raw = (name: Buffer): Buffer => Buffer.concat([Buffer.from(`${folder.path}/crate/assets/`), name]);

  it('hashes sources that are no UTF-8', async () => {
    const file = join(folder.path, 'crate/src/lib.rs');
    await writeFile(file, Buffer.from([0x66, 0x6e, 0xff, 0xfe, 0x22]));
    const first = contentOf('crate/src/lib.rs');
    await writeFile(file, Buffer.from([0x66, 0x6e, 0xff, 0xfd, 0x22]));
    expect(contentOf('crate/src/lib.rs')).not.toBe(first);
  });

  it('counts files whose names are no UTF-8, each for itself', async () => {
    await mkdir(join(folder.path, 'crate/assets'));
    await writeFile(raw(Buffer.from([0x61, 0xff])), 'one');
    await writeFile(raw(Buffer.from([0x61, 0xfe])), 'two');
    await writeFile(join(folder.path, 'crate/assets/größe.txt'), 'three');
    const first = scan();
    expect(Object.keys(first.content).map((file) => showPath(file.slice(folder.path.length)))).toEqual(
      expect.arrayContaining(['/crate/assets/a\\xff', '/crate/assets/a\\xfe']),
    );
    expect(Object.values(first.content)).not.toContain('missing');
    expect(scan()).toEqual(first);
    await writeFile(raw(Buffer.from([0x61, 0xff])), 'other');
    expect(scan().content).not.toEqual(first.content);
    const below = filesBelow(join(folder.path, 'crate/assets')) ?? [];
    expect(below.map(showPath)).toContain(join(folder.path, 'crate/assets/größe.txt'));
    expect(below.map(onDisk).filter((path) => typeof path !== 'string')).toHaveLength(2);
  });

  it('goes into folders whose names are no UTF-8', async () => {
    await writeFiles(folder.path, {
      'crate/src/lib.rs': 'include_dir!("assets")',
      'crate/assets/in/x.txt': 'one',
    });
    await rename(join(folder.path, 'crate/assets/in'), raw(Buffer.from([0xe4])));
    const first = Object.entries(scan().content);
    expect(first.map(([file]) => showPath(file).slice(folder.path.length))).toContain(
      '/crate/assets/\\xe4/x.txt',
    );
    await writeFile(Buffer.concat([raw(Buffer.from([0xe4])), Buffer.from('/x.txt')]), 'two');
    expect(Object.entries(scan().content)).not.toEqual(first);
  });

  it('names a file that is there and cannot be read', async () => {
    // Readable for nobody, not even for root.
    await symlink('/proc/self/mem', join(folder.path, 'crate/src/secret.bin'));
    await writeFiles(folder.path, { 'crate/src/lib.rs': 'include_bytes!("secret.bin")' });
    const found = scan();
    expect(contentOf('crate/src/secret.bin', found)).toBe('unreadable');
    expect(found.unsettled.map(({ reason }) => reason)).toEqual([
      'crate/src/secret.bin cannot be read (EIO)',
    ]);
  });

  it('takes a link in circles for a missing file, until it is one', async () => {
    await symlink('loop.txt', join(folder.path, 'crate/src/loop.txt'));
    await writeFiles(folder.path, { 'crate/src/lib.rs': 'include_str!("loop.txt"); include_dir!("loops")' });
    await symlink('loops', join(folder.path, 'crate/loops'));
    const found = scan();
    expect(contentOf('crate/src/loop.txt', found)).toBe('missing');
    expect(found.unsettled).toEqual([]);
  });
});
