import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { rustcVersion } from './rustc-version';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('rustc');
});
afterEach(() => folder.remove());

const ask = (env: NodeJS.ProcessEnv = {}) =>
  rustcVersion({
    workspaceRoot: folder.path,
    folder: folder.path,
    env: { PATH: `${folder.path}:/usr/bin:/bin`, ...env },
  });
const stub = (script: string) =>
  writeFile(join(folder.path, 'rustc'), `#!/bin/sh\necho call >> '${folder.path}/calls'\n${script}\n`, {
    mode: 0o755,
  });
const calls = async () =>
  (await readFile(join(folder.path, 'calls'), 'utf8').catch(() => '')).split('\n').length - 1;

it('is asked once per toolchain', async () => {
  await stub('echo "rustc 1.2.3"');
  expect([await ask(), await ask(), await calls()]).toEqual(['rustc 1.2.3\n', 'rustc 1.2.3\n', 1]);
  await utimes(join(folder.path, 'rustc'), 1, 1);
  await ask();
  expect(await calls()).toBe(2);
  await ask({ RUSTUP_TOOLCHAIN: 'nightly' });
  expect(await calls()).toBe(3);
  await ask();
  expect(await calls()).toBe(3);
});

it('is asked in the folder, since its toolchain file counts', async () => {
  await stub('pwd');
  expect(await ask()).toBe(`${folder.path}\n`);
});

it('says what stands in its way, and asks again next time', async () => {
  expect(await ask()).toBe('no rustc on PATH');
  await stub('echo "error: broken" >&2; exit 1');
  expect([await ask(), await ask(), await calls()]).toEqual([
    'rustc failed: error: broken',
    'rustc failed: error: broken',
    2,
  ]);
});
