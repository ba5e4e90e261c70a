import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLastRun } from './last-run';
import { runRecordFile, runsDirectory } from './run-folder';
import { readRunRecord, recordOf, writeRefusal, writeRunRecord, type RunRecord } from './run-record';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rp-record-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function record(runId: string): RunRecord {
  return { schemaVersion: 1, runId, argv: [], startedAt: '', endedAt: '', tasks: [] };
}

describe('recordOf', () => {
  test.each([
    ['success', 'success', 'miss'],
    ['failure', 'failure', 'miss'],
    ['skipped', 'skipped', 'miss'],
    ['stopped', 'stopped', 'miss'],
    ['local-cache', 'success', 'local'],
    ['local-cache-kept-existing', 'success', 'local'],
    ['remote-cache', 'success', 'remote'],
    ['a word of a later Nx', 'failure', 'miss'],
  ])('Nx says %j: %s, cache %s', (word, status, cache) => {
    const task = { id: 'links:test', target: { project: 'links', target: 'test' }, startTime: 5, endTime: 9 };
    const taskResults = { 'links:test': { status: word, code: 0, task } };
    const run = recordOf({ argv: ['node', 'nx.js'], startTime: 0, endTime: 10, taskResults }, 'run-1');
    expect(run).toEqual({
      schemaVersion: 1,
      runId: 'run-1',
      argv: ['node', 'nx.js'],
      startedAt: '1970-01-01T00:00:00.000Z',
      endedAt: '1970-01-01T00:00:00.010Z',
      tasks: [
        {
          id: 'links:test',
          project: 'links',
          target: 'test',
          status,
          cache,
          code: 0,
          startTime: 5,
          endTime: 9,
        },
      ],
    });
  });
});

describe('writeRunRecord', () => {
  test('is read back; another id is not taken for it', async () => {
    await writeRunRecord(root, record('run/1'));
    expect(await readRunRecord(root, 'run/1')).toEqual(record('run/1'));
    expect(await readRunRecord(root, 'run-2')).toBeUndefined();
  });

  test('a record with words of Nx is understood', async () => {
    const task = { id: 'a:t', project: 'a', target: 't', status: 'local-cache' };
    await writeFile(join(root, 'ignored'), '');
    await writeRunRecord(root, { ...record('r'), tasks: [task] } as unknown as RunRecord);
    expect((await readRunRecord(root, 'r'))?.tasks).toEqual([{ ...task, status: 'success', cache: 'local' }]);
  });

  test('a damaged file is no record', async () => {
    await writeRunRecord(root, record('r'));
    await writeFile(runRecordFile(root, 'r'), '{"schemaVersion": 1, "runId"');
    expect(await readRunRecord(root, 'r')).toBeUndefined();
  });

  test('old runs are removed, with what they left; those of the last day stay', async () => {
    const days = (ago: number) => new Date(Date.now() - ago * 24 * 60 * 60 * 1000);
    for (let number = 0; number < 60; number += 1) {
      await writeRunRecord(root, record(`old-${number}`));
      const age = days(number < 55 ? 3 + number : 0.5);
      await utimes(runRecordFile(root, `old-${number}`), age, age);
    }
    await writeRunRecord(root, record('new'));
    const left = await readdir(runsDirectory(root));
    expect(left).toHaveLength(50);
    expect(left).toContain('old-0.json');
    expect(left).not.toContain('old-54.json');
    expect(left).toContain('old-59.json');
  });
});

test('a refusal is written without passwords', async () => {
  const url = (userInfo: string) => `http://${userInfo}@h`;
  const error = {
    code: 'x',
    what: `no ${url('u:s')}`,
    why: url('u:s'),
    fix: [`nx ${url('u:s')}`],
    exitCode: 2,
  };
  await writeRefusal(root, { runId: 'r', argv: ['node', 'nx.js', url('u:s')] }, error);
  expect(await readRunRecord(root, 'r')).toMatchObject({
    argv: ['node', 'nx.js', url('***')],
    error: { what: `no ${url('***')}`, why: url('***'), fix: [`nx ${url('***')}`] },
  });
});

test('writeRefusal keeps the exit code of the hook', async () => {
  const error = { code: 'dry-run', what: 'refused', fix: ['do this'], exitCode: 2 };
  await writeRefusal(root, { runId: 'r', argv: ['node', 'nx.js'] }, error);
  expect(await readRunRecord(root, 'r')).toMatchObject({ tasks: [], error });
});

test('readLastRun finds the newest', async () => {
  expect(await readLastRun(root)).toBeUndefined();
  await writeRunRecord(root, record('first'));
  await writeRunRecord(root, record('second'));
  const past = new Date(Date.now() - 60_000);
  await utimes(runRecordFile(root, 'first'), past, past);
  expect((await readLastRun(root))?.runId).toBe('second');
});
