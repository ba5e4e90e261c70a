import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLastRun } from './last-run';
import { runRecordFile, runsDirectory } from './run-folder';
import { readRunHistory } from './run-record-history';
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
    const task = {
      id: 'links:test',
      target: { project: 'links', target: 'test' },
      projectRoot: 'services/links',
      startTime: 5,
      endTime: 9,
      hash: '123',
      cache: true,
      overrides: { token: 's', __overrides_unparsed__: ['--token=s', '--release'] },
    };
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
          root: 'services/links',
          status,
          cache,
          nxStatus: word,
          hash: '123',
          cacheable: true,
          options: ['--token=***', '--release'],
          code: 0,
          startTime: 5,
          endTime: 9,
        },
      ],
    });
  });
});

test('what was found before the tasks is kept with the run, passwords hidden', async () => {
  const facts = { keys: 'k', inputs: 'i', skipsCache: true, notes: ['http://u:s@host did not answer'] };
  await writeRunRecord(root, recordOf({ argv: [], startTime: 0, endTime: 1, taskResults: {} }, 'r', facts));
  const notes = ['http://***@host did not answer'];
  expect(await readRunRecord(root, 'r')).toMatchObject({ ...facts, notes });
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

test('readRunHistory has the newest first, and counts what it cannot read', async () => {
  expect(await readRunHistory(root)).toEqual({ runs: [], unreadable: 0 });
  await writeRunRecord(root, { ...record('second'), endedAt: '2026-01-02' });
  await writeRunRecord(root, { ...record('first'), endedAt: '2026-01-01' });
  await writeRunRecord(root, { ...record('later'), schemaVersion: 2 } as unknown as RunRecord);
  await writeFile(join(runsDirectory(root), 'x.plan.json'), '{}');
  const { runs, unreadable } = await readRunHistory(root);
  expect(runs.map(({ runId }) => runId)).toEqual(['second', 'first']);
  expect(unreadable).toBe(1);
});
