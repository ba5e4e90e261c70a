import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { captureBytes } from '../process/capture-bytes';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { writeFiles } from '../testing/write-files';
import { changedSince, commitOf, mergeBase, textsAt } from './git-revision';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('git');
  await git('init', '-q', '-b', 'main');
});
afterEach(() => folder.remove());

async function git(...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=spec', '-c', 'user.email=spec@localhost'];
  return (await captureBytes('git', [...identity, ...args], { cwd: folder.path })).toString('utf8').trim();
}

async function commit(files: Record<string, string>): Promise<string> {
  await writeFiles(folder.path, files);
  await git('add', '-A');
  await git('commit', '-q', '--allow-empty', '-m', 'x');
  return git('rev-parse', 'HEAD');
}

describe('git revision', () => {
  test('texts come by their paths, whatever their content, and only those that are there', async () => {
    const text = 'a\n\nblob 7\nä\n';
    const first = await commit({ 'a b/Cargo.toml': text, empty: '', 'last.toml': 'no line feed' });
    await commit({ 'a b/Cargo.toml': 'later' });
    expect(
      await textsAt(folder.path, first, ['a b/Cargo.toml', 'gone', 'empty', 'a b', 'last.toml']),
    ).toEqual(
      new Map([
        ['a b/Cargo.toml', text],
        ['empty', ''],
        ['last.toml', 'no line feed'],
      ]),
    );
    expect(await textsAt(folder.path, first, [])).toEqual(new Map());
  });

  test('a folder below the root of the repository has paths of its own', async () => {
    const first = await commit({ 'app/Cargo.toml': '1', 'other/x': '1' });
    await commit({ 'app/Cargo.toml': '2', 'other/x': '2' });
    const app = join(folder.path, 'app');
    expect(await textsAt(app, first, ['Cargo.toml', '../other/x'])).toEqual(
      new Map([
        ['Cargo.toml', '1'],
        ['../other/x', '1'],
      ]),
    );
    expect(await changedSince(app, first)).toEqual({ modified: ['Cargo.toml'], added: [], deleted: [] });
  });

  test('changes are those of commits, of the index and of the work tree, without ignored files', async () => {
    const first = await commit({
      a: '1',
      b: '1',
      c: '1',
      gone: '1',
      moved: 'the same text',
      '.gitignore': 'hidden',
    });
    await rm(join(folder.path, 'moved'));
    await commit({ a: '2', 'moved to': 'the same text' });
    await writeFiles(folder.path, { b: '2', 'new ü': '', hidden: '' });
    await rm(join(folder.path, 'gone'));
    await git('rm', '-q', '--cached', 'c');
    expect(await changedSince(folder.path, first)).toEqual({
      modified: ['a', 'b'],
      added: expect.arrayContaining(['moved to', 'new ü']),
      deleted: expect.arrayContaining(['gone', 'moved']),
    });
  });

  test('a file that became a link is modified', async () => {
    const first = await commit({ 'Cargo.lock': 'x' });
    await rm(join(folder.path, 'Cargo.lock'));
    await symlink('elsewhere', join(folder.path, 'Cargo.lock'));
    expect((await changedSince(folder.path, first)).modified).toEqual(['Cargo.lock']);
  });

  test('the merge base is where the branches parted; without a common commit it is the base', async () => {
    const parting = await commit({ a: '1' });
    const main = await commit({ a: '2' });
    await git('checkout', '-q', '-b', 'feature', parting);
    await commit({ b: '1' });
    expect(await mergeBase(folder.path, 'main', 'HEAD')).toBe(parting);
    await git('checkout', '-q', '--orphan', 'apart');
    await commit({ c: '1' });
    expect(await mergeBase(folder.path, 'main', 'HEAD')).toBe(main);
    expect(await mergeBase(folder.path, 'nowhere', 'HEAD')).toBeUndefined();
    expect(await mergeBase(folder.path, '--output=x', 'HEAD')).toBeUndefined();
  });

  test('a revision that the clone does not hold is none, and no folder of git is none', async () => {
    const head = await commit({ a: '1' });
    expect(await commitOf(folder.path, 'main')).toBe(head);
    expect(await commitOf(folder.path, '0'.repeat(40))).toBeUndefined();
    expect(await commitOf(folder.path, '--all')).toBeUndefined();
    await rm(join(folder.path, '.git'), { recursive: true });
    await writeFile(join(folder.path, '.git'), 'gitdir: /nonexistent');
    expect(await commitOf(folder.path, 'HEAD')).toBeUndefined();
    await expect(changedSince(folder.path, head)).rejects.toThrow();
    await expect(textsAt(folder.path, head, ['a'])).rejects.toThrow();
  });
});
