import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownIdentity } from '../../process/process-identity';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { verdictFile, vetoCache, type VetoPlace } from './cache-veto';

let folder: TemporaryFolder;
beforeEach(async () => (folder = await temporaryFolder('veto')));
afterEach(() => folder.remove());

const place = (holder = ownIdentity()): VetoPlace => ({
  workspaceRoot: folder.path,
  stateDirectory: '.state',
  project: 'links',
  target: 'test',
  holder,
});
const verdict = (): string => join(folder.path, verdictFile('.state', 'links', 'test'));
const isVetoed = (): Promise<boolean> =>
  lstat(join(verdict(), '..')).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );

it('puts the verdict behind a link, and takes it away again', async () => {
  await vetoCache(place(), true);
  expect(await isVetoed()).toBe(true);
  expect(await readFile(verdict(), 'utf8')).toBe('');
  await vetoCache(place(), true);
  await vetoCache(place(), false);
  expect(await isVetoed()).toBe(false);
});

it('leaves nothing where nothing was vetoed', async () => {
  await vetoCache(place(), false);
  await expect(lstat(join(folder.path, '.state'))).rejects.toThrow('ENOENT');
});

it('does not take back the veto of a run that goes on beside it', async () => {
  await vetoCache(place(), true);
  await vetoCache(place({ pid: process.ppid, startTime: 'another' }), false);
  expect(await isVetoed()).toBe(true);
  await vetoCache(place({ pid: 1, startTime: 'gone' }), true);
  await vetoCache(place(), false);
  expect(await isVetoed()).toBe(false);
});
