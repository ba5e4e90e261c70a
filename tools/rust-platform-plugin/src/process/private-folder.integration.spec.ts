import { chmod, mkdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { privateFolderIn } from './private-folder';

let folder: TemporaryFolder;
beforeEach(async () => (folder = await temporaryFolder('private')));
afterEach(() => folder.remove());
const own = () => join(folder.path, `rust-platform-${process.getuid?.()}`);

it('is for this user alone, also when it was more open before', async () => {
  await mkdir(own());
  await chmod(own(), 0o777);
  const path = await privateFolderIn(folder.path, 'locks', 'machine');
  expect(path).toBe(join(own(), 'locks', 'machine'));
  expect((await stat(own())).mode & 0o777).toBe(0o700);
});

it('refuses a folder that somebody else has prepared', async () => {
  await mkdir(join(folder.path, 'elsewhere'));
  await symlink(join(folder.path, 'elsewhere'), own());
  await expect(privateFolderIn(folder.path)).rejects.toMatchObject({ code: 'unsafe-temporary-folder' });
  await rm(own());
});
