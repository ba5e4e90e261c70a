import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TaskReport } from './task-report';
import { readTaskReport, taskReportFile, writeTaskReport } from './task-report-file';

const task = { project: 'links', target: 'test' };
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rp-report-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function report(runId: string, headline = ''): TaskReport {
  return {
    schemaVersion: 1,
    ...task,
    runId,
    status: 'passed',
    exitCode: 0,
    headline,
    notes: [],
    startedAt: '2026-11-24T06:00:00.000Z',
    durationMs: 12,
    files: [],
  };
}

test('is written to <reports>/<project>/<target>.json and read back', async () => {
  await writeTaskReport(root, 'reports', report('r', '24 passed'));
  expect(await readTaskReport(root, 'reports', task)).toEqual(report('r', '24 passed'));
  expect(JSON.parse(await readFile(join(root, 'reports/links/test.json'), 'utf8'))).toEqual(
    report('r', '24 passed'),
  );
  expect(await readdir(join(root, 'reports/links'))).toEqual(['test.json']);
});

test('each of two runs at once finds its own', async () => {
  await writeTaskReport(root, 'reports', report('run-1', 'first'));
  await writeTaskReport(root, 'reports', report('run-2', 'second'));
  const headlines = await Promise.all(
    ['run-1', 'run-2', 'run-3'].map(async (runId) => {
      const found = await readTaskReport(root, 'reports', task, { runId });
      return found?.headline;
    }),
  );
  expect(headlines).toEqual(['first', 'second', 'second']);
});

test('a report without a run is kept for people only', async () => {
  await writeTaskReport(root, 'reports', report(''));
  expect(await readdir(root)).toEqual(['reports']);
});

test.each([
  ['nothing', undefined],
  ['damaged', '{'],
  ['of another task', JSON.stringify({ ...report('r'), target: 'build' })],
  ['of Jest', '{"numTotalTests": 3}'],
  ['of a later schema', JSON.stringify({ ...report('r'), schemaVersion: 2 })],
])('%s is no report', async (_, text) => {
  if (text !== undefined) {
    const file = taskReportFile(root, 'reports', task);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  expect(await readTaskReport(root, 'reports', task)).toBeUndefined();
});
