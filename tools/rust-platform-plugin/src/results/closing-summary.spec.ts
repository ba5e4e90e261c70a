import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printClosingSummary } from './closing-summary';
import { writeRefusal, writeRunRecord, type RunRecord } from './run-record';
import { writeTaskReport } from './task-report-file';

let root: string;
let printed: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rp-closing-'));
  printed = '';
});
afterEach(() => rm(root, { recursive: true, force: true }));

const RECORD: RunRecord = {
  schemaVersion: 1,
  runId: '42',
  argv: ['/usr/bin/node', '/w/node_modules/.bin/nx', 'run-many', '-t', 'bench'],
  startedAt: '2026-11-24T06:00:00.000Z',
  endedAt: '2026-11-24T06:00:12.000Z',
  tasks: [
    {
      id: 'links:bench',
      project: 'links',
      target: 'bench',
      status: 'success',
      cache: 'miss',
      startTime: 0,
      endTime: 9000,
    },
    {
      id: 'web:build',
      project: 'web',
      target: 'build',
      status: 'success',
      cache: 'local',
      startTime: 0,
      endTime: 4,
    },
  ],
};

const REPORT = {
  schemaVersion: 1 as const,
  project: 'links',
  target: 'bench',
  runId: '42',
  status: 'passed' as const,
  exitCode: 0,
  headline: '900 req/s',
  notes: [],
  startedAt: '2026-11-24T06:00:00.000Z',
  durationMs: 9000,
  files: [],
};

function print(runId: string) {
  return printClosingSummary({ workspaceRoot: root, runId, write: (text) => (printed += text) });
}

test('prints and writes the summary of a run that plain nx started', async () => {
  await writeTaskReport(root, 'reports', REPORT);
  await writeRunRecord(root, RECORD);
  expect(await print('42')).toMatchObject({ name: 'bench', exitCode: 0 });
  expect(printed).toContain('rust-platform bench: passed · 12.0 s · 2 tasks, 1 from the cache');
  expect(printed).toContain('  links    bench  passed  9.0 s  -          900 req/s\n');
  expect(printed).toContain('reports/bench.md, reports/bench.json, reports/bench.xml');
  expect(JSON.parse(await readFile(join(root, 'reports/bench.json'), 'utf8'))).toMatchObject({ runId: '42' });
  expect(await readFile(join(root, 'reports/bench.md'), 'utf8')).toContain('nx run-many -t bench');
});

test('shows a task that a batch has skipped, of which Nx tells nothing', async () => {
  await writeTaskReport(root, 'reports', REPORT);
  const left = { ...REPORT, project: 'web', target: 'clippy', status: 'failed' as const, exitCode: 1 };
  await writeTaskReport(root, 'reports', { ...left, headline: 'not reached, because kit failed' });
  await writeRunRecord(root, RECORD);
  expect(await print('42')).toMatchObject({ exitCode: 1 });
  expect(printed).toMatch(/web +clippy +failed .*not reached, because kit failed/);
});

test('shows no password of the command line', async () => {
  await writeTaskReport(root, 'reports', REPORT);
  const argv = [...RECORD.argv, '--url=http://u:s3cret@127.0.0.1:8080'];
  await writeRunRecord(root, { ...RECORD, argv });
  await print('42');
  const written = await Promise.all(
    ['reports/bench.json', 'reports/bench.md', '.rust-platform/runs/42.json'].map((file) =>
      readFile(join(root, file), 'utf8'),
    ),
  );
  for (const text of [printed, ...written]) expect(text).not.toContain('s3cret');
  expect(written[0]).toContain('--url=http://***@127.0.0.1:8080');
});

test('is silent in a run without tasks of ours', async () => {
  await writeRunRecord(root, RECORD);
  expect(await print('42')).toBeUndefined();
  expect(printed).toBe('');
  expect(await readdir(root)).toEqual(['.rust-platform']);
});

test('is silent without a record, and after a refusal', async () => {
  expect(await print('43')).toBeUndefined();
  await writeRefusal(root, { runId: '44', argv: [] }, { code: 'x', what: 'no', fix: [], exitCode: 2 });
  expect(await print('44')).toBeUndefined();
  expect(printed).toBe('');
});
