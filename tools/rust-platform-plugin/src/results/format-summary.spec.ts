import { formatSummary } from './format-summary';
import type { RunSummary, SummaryRow } from './summary';
import { summaryMarkdown, summarySuites } from './summary-files';
import { formatJunit } from './junit';

function row(id: string, extra: Partial<SummaryRow> = {}): SummaryRow {
  const [project = '', target = ''] = id.split(':');
  return {
    id,
    project,
    target,
    result: 'passed',
    exitCode: 0,
    cache: 'miss',
    durationMs: 1234,
    headline: '',
    notes: [],
    files: [],
    ...extra,
  };
}

const SUMMARY: RunSummary = {
  schemaVersion: 1,
  name: 'testing',
  runId: 'run-1',
  command: 'nx run-many -t testing',
  verdict: 'failed',
  exitCode: 1,
  startedAt: '2026-11-24T06:00:00.000Z',
  durationMs: 72_300,
  rows: [
    row('gateway:build', { cache: 'local', durationMs: 12, headline: 'gateway, 6.1 MB' }),
    row('gateway:audit', { result: 'not-checked', headline: 'cargo-audit is not installed' }),
    row('links:test', {
      headline: '24 passed',
      notes: ['2 tests are ignored'],
      files: ['reports/links/test.xml'],
    }),
    row('links:test-api', {
      result: 'failed',
      exitCode: 1,
      headline: '2 of 14 requests failed',
      error: {
        code: 'api-tests-failed',
        what: '2 requests failed',
        why: 'got 404\nwanted 302',
        fix: ['see the report'],
      },
      files: ['reports/links/test-api.xml', 'reports/links/test-api.html'],
    }),
    row('links:bench', { result: 'not-run', durationMs: undefined, headline: 'the run ended before' }),
  ],
  notes: ['nextest: cargo-nextest is not installed'],
  problems: [],
};

test('the closing summary, exactly', () => {
  expect(formatSummary(SUMMARY, { files: ['reports/testing.md', 'reports/testing.json'] })).toBe(
    `
rust-platform testing: failed (exit code 1) · 1 m 12 s · 5 tasks, 1 from the cache

  project  step      result        time  cache      figures
  gateway  build     passed       0.0 s  cache hit  gateway, 6.1 MB
  gateway  audit     not checked  1.2 s  -          cargo-audit is not installed
  links    test      passed       1.2 s  -          24 passed
  links    test-api  failed       1.2 s  -          2 of 14 requests failed
  links    bench     not run          -  -          the run ended before

Failed
  links test-api: error[api-tests-failed]: 2 requests failed
    why: got 404
         wanted 302
    fix: see the report

Skipped, not checked or degraded
  nextest: cargo-nextest is not installed
  gateway audit: not checked: cargo-audit is not installed
  links test: 2 tests are ignored

Reports
  reports/testing.md, reports/testing.json
  reports/links/test.xml
  reports/links/test-api.xml, reports/links/test-api.html
`,
  );
});

test('a run without tasks tells its problem', () => {
  const summary: RunSummary = {
    ...SUMMARY,
    name: 'bench',
    verdict: 'wrong usage or configuration',
    exitCode: 2,
    durationMs: 900,
    rows: [],
    notes: [],
    problems: ['error[x]: refused\n  fix: do this'],
  };
  expect(formatSummary(summary)).toBe(
    `
rust-platform bench: wrong usage or configuration (exit code 2) · 0.9 s · no tasks

Failed
  error[x]: refused
    fix: do this
`,
  );
});

test('a run in which all is well is short', () => {
  const summary = {
    ...SUMMARY,
    verdict: 'passed' as const,
    exitCode: 0,
    notes: [],
    rows: [row('links:build')],
  };
  expect(formatSummary(summary)).toBe(
    `
rust-platform testing: passed · 1 m 12 s · 1 task, 0 from the cache

  project  step   result   time  cache  figures
  links    build  passed  1.2 s  -
`,
  );
});

test('what several projects have in common is said once, and an interruption is no failure', () => {
  const note = 'not checked: no advisory database';
  const error = { code: 'interrupted', what: 'the task was interrupted', fix: [] };
  const rows = [
    row('gateway:audit', { result: 'not-checked', headline: note }),
    row('links:audit', { result: 'not-checked', notes: [note] }),
    row('links:bench', { result: 'skipped', headline: 'there are no scenarios' }),
    row('links:test', { result: 'interrupted', exitCode: 130, error }),
  ];
  const text = formatSummary({ ...SUMMARY, notes: [], rows });
  expect(text.slice(text.indexOf('\nSkipped'))).toBe(
    `
Skipped, not checked or degraded
  gateway, links audit: not checked: no advisory database
  links bench: skipped: there are no scenarios
`,
  );
  expect(text).not.toContain('Failed');
});

test('a note that an aggregate repeats is told once, by its step', () => {
  const rows = [
    row('links:test-api', { notes: ['1 request asserts nothing'] }),
    row('links:audit', { result: 'not-checked', headline: 'no database' }),
    row('links:testing', {
      result: 'failed',
      exitCode: 1,
      headline: 'clippy failed',
      notes: [
        'test-api: 1 request asserts nothing',
        'lint-rust: audit: not checked: no database',
        'bench: noise',
      ],
    }),
  ];
  const text = formatSummary({ ...SUMMARY, notes: [], rows });
  expect(text.slice(text.indexOf('\nSkipped'))).toBe(
    `
Skipped, not checked or degraded
  links test-api: 1 request asserts nothing
  links audit: not checked: no database
  links testing: bench: noise
`,
  );
});

test('fits into the terminal', () => {
  const long = row('links:bench', {
    headline: '41,200 req/s, p50 0.31 ms, p99 1.2 ms, 0 errors in 5 scenarios',
  });
  const text = formatSummary({ ...SUMMARY, rows: [long] }, { width: 70 });
  expect(text).toContain('  links    bench  passed  1.2 s  -      41,200 req/s, p50 0.31 ms, p9…\n');
  const table = text.split('\n').filter((line) => line.startsWith('  links') || line.startsWith('  project'));
  expect(table.map((line) => line.length)).toEqual([47, 70]);
});

test('colours the words and nothing else', () => {
  const plain = formatSummary(SUMMARY);
  const coloured = formatSummary(SUMMARY, { colour: true });
  expect(coloured).toContain('\u001b[32mpassed\u001b[39m');
  expect(coloured).toContain('\u001b[31mfailed\u001b[39m');
  // eslint-disable-next-line no-control-regex
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
});

test('markdown has the same table', () => {
  expect(summaryMarkdown({ ...SUMMARY, rows: [row('links:test', { headline: 'a | b' })] })).toBe(
    [
      '# testing: failed',
      '',
      'Exit code 1, 1 m 12 s, started 2026-11-24T06:00:00.000Z, run `run-1`.',
      '',
      '```sh',
      'nx run-many -t testing',
      '```',
      '',
      '| project | step | result | time | cache | figures |',
      '| --- | --- | --- | ---: | --- | --- |',
      '| links | test | passed | 1.2 s | - | a \\| b |',
      '',
      '## Skipped, not checked or degraded',
      '',
      '- nextest: cargo-nextest is not installed',
      '',
    ].join('\n'),
  );
});

test('junit has a suite for each project and a case for each step', () => {
  const suites = summarySuites(SUMMARY);
  expect(suites.map(({ name, cases }) => [name, cases.map((one) => `${one.name} ${one.status}`)])).toEqual([
    ['gateway', ['build passed', 'audit skipped']],
    ['links', ['test passed', 'test-api failed', 'bench skipped']],
  ]);
  expect(formatJunit(suites)).toContain(
    '<failure message="2 requests failed">got 404\nwanted 302\nsee the report</failure>',
  );
});
