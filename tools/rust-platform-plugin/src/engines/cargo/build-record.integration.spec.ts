import { chmod, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { BUILD_RECORD_FILE, builtBinary, readBuildRecord, type BuildRecord } from './build-record';
import { publishBinaries } from './publish-binaries';
import { makeDraft, replaceFolder, sweepDrafts } from './publish-draft';

/** Above the largest that Linux gives out. */
const DEAD_PID = 4_194_305;

const RECORD: Omit<BuildRecord, 'binaries'> = {
  schemaVersion: 1,
  project: 'links',
  package: 'links',
  profile: 'release',
  rustc: 'rustc 1.95.0 (59807616e 2026-04-14) x86_64-unknown-linux-gnu',
  cargoArgs: ['build', '--locked', '--release', '-p=links', '--bins'],
  lockSha256: 'ab',
};

describe('a published build', () => {
  let folder: TemporaryFolder;
  let root: string;
  let dist: string;

  beforeEach(async () => {
    folder = await temporaryFolder('build-record');
    root = folder.path;
    dist = join(root, 'dist/rust/links');
    await mkdir(join(root, 'target'), { recursive: true });
    await writeBinary('links', 'first');
  });
  afterEach(() => folder.remove());

  async function writeBinary(name: string, content: string): Promise<string> {
    const path = join(root, 'target', name);
    await rm(path, { force: true });
    await writeFile(path, content);
    await chmod(path, 0o755);
    return path;
  }

  async function publish(...names: string[]): Promise<void> {
    const binaries = names.map((name) => ({ name, executable: join(root, 'target', name) }));
    await publishBinaries(dist, binaries, RECORD);
  }

  it('is read back, verified, with executable binaries and no path of this machine', async () => {
    await publish('links');
    const build = await readBuildRecord(root, 'dist/rust', 'links');
    expect(build).toMatchObject({ ...RECORD, folder: dist });
    expect(build.binaries).toEqual([
      { name: 'links', file: 'links', bytes: 5, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect((await stat(builtBinary(build, 'links'))).mode & 0o111).toBe(0o111);
    expect(await readFile(join(dist, BUILD_RECORD_FILE), 'utf8')).not.toContain(root);
  });

  it('replaces the old one whole, leaves a running file alone and nothing else behind', async () => {
    await publish('links');
    await link(join(dist, 'links'), join(root, 'running'));
    await writeBinary('links', 'second');
    await writeBinary('other', 'other');
    await publish('links', 'other');
    expect(await readFile(join(dist, 'links'), 'utf8')).toBe('second');
    expect(await readFile(join(root, 'running'), 'utf8')).toBe('first');
    await publish('other');
    expect((await readdir(dist)).sort()).toEqual([BUILD_RECORD_FILE, 'other']);
    expect(await readdir(join(root, 'dist/rust'))).toEqual(['links']);
  });

  it('is a copy: the file in the target directory is not touched through it', async () => {
    await publish('links');
    expect((await stat(join(root, 'target/links'))).nlink).toBe(1);
  });

  it('keeps the old one when a binary cannot be read', async () => {
    await publish('links');
    await expect(publish('missing')).rejects.toThrow('ENOENT');
    expect(await readFile(join(dist, 'links'), 'utf8')).toBe('first');
    expect(await readdir(join(root, 'dist/rust'))).toEqual(['links']);
  });

  it('keeps the old one when the new one cannot take its place', async () => {
    await publish('links');
    const draft = join(root, 'dist/rust/.links-draft');
    await expect(replaceFolder(draft, dist)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readFile(join(dist, 'links'), 'utf8')).toBe('first');
    expect(await readdir(join(root, 'dist/rust'))).toEqual(['links']);
  });

  it('sweeps what killed builds left, and nothing of living ones and of other projects', async () => {
    const gone = `${DEAD_PID}-0123abcd`;
    const dead = [`.links-${gone}-AbCd12`, `.links-${gone}-AbCd12-old`];
    const others = [`.links-api-${gone}-AbCd12`, '.links', 'links-1'];
    for (const name of [...dead, ...others]) await mkdir(join(root, 'dist/rust', name), { recursive: true });
    const living = await makeDraft(dist);
    await mkdir(dist);
    await publish('links');
    expect((await readdir(join(root, 'dist/rust'))).sort()).toEqual(
      [...others, basename(living), 'links'].sort(),
    );
  });

  it('puts a build back that a killed publisher had moved away', async () => {
    await publish('links');
    await rename(dist, join(root, `dist/rust/.links-${DEAD_PID}-0123abcd-AbCd12-old`));
    await sweepDrafts(dist);
    expect(await readdir(join(root, 'dist/rust'))).toEqual(['links']);
    expect(await readFile(join(dist, 'links'), 'utf8')).toBe('first');
  });

  it('is read while another run replaces it', async () => {
    await publish('links');
    const old = `${await makeDraft(dist)}-old`;
    await rename(dist, old);
    const read = readBuildRecord(root, 'dist/rust', 'links');
    await sleep(100);
    await rename(old, dist);
    expect((await read).binaries).toHaveLength(1);
  });

  it('is never missing or stale to a reader while it is published again and again', async () => {
    await publish('links');
    let published = false;
    const publishing = (async () => {
      for (let round = 0; round < 30; round += 1) {
        await writeBinary('links', `round ${round}`);
        await publish('links');
      }
    })().finally(() => (published = true));
    while (!published) await readBuildRecord(root, 'dist/rust', 'links');
    await publishing;
  });

  it('is refused when there is none', async () => {
    await expect(readBuildRecord(root, 'dist/rust', 'links')).rejects.toMatchObject({
      code: 'no-build',
      exitCode: 4,
      fix: ['rust-platform build links'],
    });
    await publish('links');
    const build = await readBuildRecord(root, 'dist/rust', 'links');
    expect(() => builtBinary(build, 'worker')).toThrow('no binary worker (it has: links)');
  });

  it.each([
    ['a changed binary', () => writeFile(join(dist, 'links'), 'forged'), 'not the file that was built'],
    ['a missing binary', () => rm(join(dist, 'links')), 'links is missing'],
    ['another profile', () => rewrite({ profile: 'dev' }), 'the profile is dev'],
    ['a record of another version', () => rewrite({ schemaVersion: 2 }), 'not readable'],
    ['a record of another project', () => rewrite({ project: 'other' }), 'not readable'],
    ['a torn record', () => writeFile(join(dist, BUILD_RECORD_FILE), '{"schemaVersion":'), 'not readable'],
  ])('is refused with %s', async (_what, damage, why) => {
    await publish('links');
    await damage();
    const read = readBuildRecord(root, 'dist/rust', 'links');
    await expect(read).rejects.toMatchObject({ code: 'stale-build', why: expect.stringContaining(why) });
  });

  async function rewrite(change: object): Promise<void> {
    const path = join(dist, BUILD_RECORD_FILE);
    const record = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...record, ...change }));
  }
});
