import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { ServiceLog } from './service-log';

let folder: TemporaryFolder;
beforeEach(async () => (folder = await temporaryFolder('log')));
afterEach(() => folder.remove());

it('appends to its file, makes its folder and keeps the last 200 lines', () => {
  const file = join(folder.path, 'logs', 'api.log');
  const told: string[] = [];
  for (const start of [0, 150]) {
    const log = new ServiceLog(file);
    log.add(
      Array.from({ length: 250 }, (_, index) => `line ${start + index}`),
      (line) => told.push(line),
    );
    expect(log.lastLines(2)).toEqual([`line ${start + 248}`, `line ${start + 249}`]);
    expect(log.lastLines(1_000)).toHaveLength(200);
    log.close();
  }
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(501);
  expect(told).toEqual([]);
});

it('goes on without its file when the disk is full, and says so once', () => {
  const log = new ServiceLog('/dev/full');
  const told: string[] = [];
  log.add(['one'], (line) => told.push(line));
  log.add(['two'], (line) => told.push(line));
  expect(told).toEqual(['[/dev/full cannot be written any more: ENOSPC]']);
  expect(log.lastLines(5)).toEqual(['one', 'two']);
});

it('refuses a place that cannot be written', () => {
  expect(() => new ServiceLog('/dev/null/api.log')).toThrow(
    expect.objectContaining({ code: 'log-not-writable' }),
  );
});
