import { buildSummary, type SummaryInput } from './build-summary';
import type { FoundReport } from './judge-task';
import type { RunRecord, TaskRecord } from './run-record';
import type { PlannedTask } from './task-plan';
import type { TaskReport } from './task-report';

const RUN = 'run-1';

function planned(id: string, extra: Partial<PlannedTask> = {}): PlannedTask {
  const [project = '', target = ''] = id.split(':');
  const executor = `rust-platform-plugin:${target}`;
  return { id, project, target, executor, cache: false, continuous: false, dependsOn: [], ...extra };
}

function recorded(id: string, extra: Partial<TaskRecord> = {}): TaskRecord {
  const [project = '', target = ''] = id.split(':');
  return { id, project, target, status: 'success', cache: 'miss', startTime: 1000, endTime: 3000, ...extra };
}

function report(id: string, extra: Partial<TaskReport> = {}): TaskReport {
  const [project = '', target = ''] = id.split(':');
  return {
    schemaVersion: 1,
    project,
    target,
    runId: RUN,
    status: 'passed',
    exitCode: 0,
    headline: '',
    notes: [],
    startedAt: '2026-11-24T06:00:00.000Z',
    durationMs: 5,
    files: [],
    ...extra,
  };
}

function record(tasks: TaskRecord[], extra: Partial<RunRecord> = {}): RunRecord {
  return { schemaVersion: 1, runId: RUN, argv: [], startedAt: '', endedAt: '', tasks, ...extra };
}

function reportsOf(...reports: Array<TaskReport | [string, FoundReport]>): Map<string, FoundReport> {
  return new Map(
    reports.map((one) => (Array.isArray(one) ? one : [`${one.project}:${one.target}`, { report: one }])),
  );
}

function summarize(input: Partial<SummaryInput>) {
  return buildSummary({
    name: 'testing',
    runId: RUN,
    startedAt: new Date('2026-11-24T06:00:00Z'),
    endedAt: new Date('2026-11-24T06:00:10Z'),
    reports: new Map(),
    nxExitCode: 0,
    ...input,
  });
}

describe('a task that ran', () => {
  const plan = { tasks: [planned('links:test')] };

  test('is judged by its own report', () => {
    const summary = summarize({
      plan,
      record: record([recorded('links:test')]),
      reports: reportsOf(
        report('links:test', { headline: '24 passed', notes: ['2 ignored'], files: ['a.xml'] }),
      ),
    });
    expect(summary).toMatchObject({ verdict: 'passed', exitCode: 0, durationMs: 10_000 });
    expect(summary.rows).toEqual([
      {
        id: 'links:test',
        project: 'links',
        target: 'test',
        result: 'passed',
        exitCode: 0,
        cache: 'miss',
        durationMs: 2000,
        headline: '24 passed',
        notes: ['2 ignored'],
        error: undefined,
        files: ['a.xml'],
      },
    ]);
  });

  test.each([
    ['failed', 1, 'failed'],
    ['not-checked', 3, 'not judged'],
    ['failed', 2, 'wrong usage or configuration'],
    ['failed', 5, 'failed and rolled back'],
    ['failed', 6, 'failed and not rolled back'],
    ['not-checked', 0, 'passed'],
    ['degraded', 0, 'passed'],
    ['skipped', 0, 'passed'],
  ] as const)('%s with exit code %i: the run is %s', (status, exitCode, verdict) => {
    const summary = summarize({
      plan,
      record: record([recorded('links:test', { status: exitCode === 0 ? 'success' : 'failure' })]),
      reports: reportsOf(report('links:test', { status, exitCode })),
      nxExitCode: exitCode === 0 ? 0 : 1,
    });
    expect(summary).toMatchObject({ exitCode, verdict, rows: [{ result: status }], problems: [] });
  });

  test('and whose report is of another run has no result', () => {
    const stale = report('links:test', { runId: 'run-0', headline: '24 passed' });
    const summary = summarize({ plan, record: record([recorded('links:test')]), reports: reportsOf(stale) });
    expect(summary).toMatchObject({ exitCode: 1, verdict: 'failed' });
    expect(summary.rows[0]).toMatchObject({
      result: 'no-result',
      headline: 'ran, but left no report',
      error: { code: 'report-missing', why: 'the report on disk is of run run-0' },
    });
  });

  test('and failed before it could report is failed', () => {
    const summary = summarize({
      plan,
      record: record([recorded('links:test', { status: 'failure' })]),
      nxExitCode: 1,
    });
    expect(summary).toMatchObject({ exitCode: 1, rows: [{ result: 'failed' }], problems: [] });
    expect(summary.rows[0]?.headline).toBe('failed before it could write its report');
  });

  test('and that Nx counts as failed is not passed because its report says so', () => {
    const summary = summarize({
      plan,
      record: record([recorded('links:test', { status: 'failure' })]),
      reports: reportsOf(report('links:test')),
      nxExitCode: 1,
    });
    expect(summary.rows[0]).toMatchObject({ result: 'failed', exitCode: 1 });
    expect(summary.exitCode).toBe(1);
  });
});

describe('a cache hit', () => {
  const plan = { tasks: [planned('links:test')] };
  const hit = record([recorded('links:test', { cache: 'local' })]);

  test('takes the report that the cache restored, of whatever run', () => {
    const old = report('links:test', { runId: 'run-0', headline: '24 passed' });
    expect(summarize({ plan, record: hit, reports: reportsOf(old) }).rows[0]).toMatchObject({
      result: 'passed',
      cache: 'local',
      headline: '24 passed',
    });
  });

  test('without a report passes and says so', () => {
    const summary = summarize({ plan, record: hit });
    expect(summary).toMatchObject({
      exitCode: 0,
      rows: [{ notes: ['the cache holds no report of this task'] }],
    });
  });
});

describe('a task of another plugin', () => {
  const plan = { tasks: [planned('plugin:test', { executor: 'nx:run-commands' })] };
  const jest = { headline: '412 tests in 61 files: 412 passed', notes: [], startedAt: 1500 };

  test('is judged by Nx', () => {
    const summary = summarize({
      plan,
      record: record([recorded('plugin:test', { status: 'failure', code: 1 })]),
    });
    expect(summary).toMatchObject({ exitCode: 1, rows: [{ result: 'failed', headline: '' }] });
    const passed = summarize({ plan, record: record([recorded('plugin:test')]) });
    expect(passed).toMatchObject({ exitCode: 0, rows: [{ result: 'passed', headline: '' }] });
  });

  test('shows how many tests of Jest really ran', () => {
    const reports = reportsOf(['plugin:test', { jest }]);
    expect(summarize({ plan, record: record([recorded('plugin:test')]), reports }).rows[0]?.headline).toBe(
      '412 tests in 61 files: 412 passed',
    );
  });

  test('does not show numbers of an earlier run', () => {
    const reports = reportsOf(['plugin:test', { jest: { ...jest, startedAt: 999 } }]);
    expect(summarize({ plan, record: record([recorded('plugin:test')]), reports }).rows[0]?.headline).toBe(
      'the numbers on disk are of an earlier run',
    );
  });

  test('may leave a task report of this run, which then counts', () => {
    const reports = reportsOf(report('plugin:test', { headline: '800 passed, 0 failed, 0 skipped' }));
    expect(summarize({ plan, record: record([recorded('plugin:test')]), reports }).rows[0]?.headline).toBe(
      '800 passed, 0 failed, 0 skipped',
    );
  });
});

describe('a planned task without a result', () => {
  const plan = {
    tasks: [planned('links:build'), planned('links:bench', { dependsOn: ['links:build'] })],
  };

  test('fails the run although Nx ended with 0', () => {
    const summary = summarize({
      plan,
      record: record([recorded('links:build')]),
      reports: reportsOf(report('links:build')),
    });
    expect(summary).toMatchObject({ exitCode: 1, verdict: 'failed' });
    expect(summary.rows.find(({ id }) => id === 'links:bench')).toMatchObject({
      result: 'no-result',
      exitCode: 1,
      headline: 'Nx dropped links:bench: planned, but never run',
      error: { code: 'task-dropped', fix: ['nx run links:bench'] },
    });
  });

  test('fails the run when Nx left no record at all and ended with 0', () => {
    const summary = summarize({ plan });
    expect(summary.exitCode).toBe(1);
    expect(summary.rows.map(({ id, result }) => `${id} ${result}`)).toEqual([
      'links:build no-result',
      'links:bench no-result',
    ]);
    expect(summary.problems).toEqual([expect.stringContaining('error[record-missing]')]);
  });

  test('counts as run when it left its own report', () => {
    const reports = reportsOf(report('links:build'), report('links:bench', { headline: '900 req/s' }));
    const summary = summarize({ plan, reports });
    expect(summary).toMatchObject({ exitCode: 0, rows: [{ result: 'passed' }, { result: 'passed' }] });
  });

  test('is skipped when what it waits for failed', () => {
    const summary = summarize({
      plan,
      record: record([recorded('links:build', { status: 'failure' })]),
      reports: reportsOf(report('links:build', { status: 'failed', exitCode: 1 })),
      nxExitCode: 1,
    });
    expect(summary.exitCode).toBe(1);
    expect(summary.rows[1]).toMatchObject({
      result: 'skipped',
      exitCode: 0,
      notes: ['not run, because links:build failed'],
    });
  });

  test('is not run when the run was interrupted', () => {
    const summary = summarize({ plan, record: record([]), nxExitCode: 130, interruption: 130 });
    expect(summary).toMatchObject({ exitCode: 130, verdict: 'interrupted', problems: [] });
    expect(summary.rows.map(({ result }) => result)).toEqual(['not-run', 'not-run']);
  });

  const DROPPED = { result: 'no-result', exitCode: 1, error: { code: 'task-dropped' } };

  test('was not reached when a task of ours was told to end, as by Ctrl-C in the screen of Nx', () => {
    const plan = { tasks: [planned('a:build'), planned('a:test')] };
    const reports = reportsOf(report('a:build', { status: 'interrupted', exitCode: 143 }));
    const summary = summarize({ plan, record: record([]), reports, nxExitCode: 130 });
    expect(summary).toMatchObject({ exitCode: 130, verdict: 'interrupted', problems: [] });
    expect(summary.rows.map(({ id, result }) => [id, result])).toEqual([
      ['a:build', 'interrupted'],
      ['a:test', 'not-run'],
    ]);
  });

  test('is dropped although Nx ended with 130, which Nx also does without any signal', () => {
    const summary = summarize({
      plan,
      record: record([recorded('links:build')]),
      reports: reportsOf(report('links:build')),
      nxExitCode: 130,
    });
    expect(summary).toMatchObject({ exitCode: 1, verdict: 'failed', rows: [{ result: 'passed' }, DROPPED] });
  });

  test('is dropped when Nx has a result of no task at all', () => {
    const summary = summarize({ plan: { tasks: [planned('a:test')] }, record: record([]), nxExitCode: 130 });
    expect(summary).toMatchObject({ exitCode: 1, rows: [DROPPED] });
  });

  test('is not hidden by a task that was stopped', () => {
    const tasks = [
      planned('links:build'),
      planned('links:bench'),
      planned('links:serve', { continuous: true }),
    ];
    const stopped = record([recorded('links:build', { status: 'stopped' })]);
    const summary = summarize({ plan: { tasks }, record: stopped, nxExitCode: 130 });
    expect(summary).toMatchObject({ exitCode: 1, verdict: 'failed' });
    expect(summary.rows.find(({ id }) => id === 'links:bench')).toMatchObject({
      ...DROPPED,
      error: { why: expect.stringContaining('the launcher heard no signal') },
    });
  });

  test('is skipped when what it waits for was stopped, and the run is interrupted', () => {
    const stopped = record([recorded('links:build', { status: 'stopped' })]);
    expect(summarize({ plan, record: stopped, nxExitCode: 130 })).toMatchObject({
      exitCode: 130,
      rows: [{ result: 'interrupted' }, { result: 'skipped' }],
    });
  });

  test('is no drop when it is continuous and the others were stopped', () => {
    const tasks = [planned('links:test'), planned('links:serve', { continuous: true })];
    const stopped = record([recorded('links:test', { status: 'stopped' })]);
    const summary = summarize({ plan: { tasks }, record: stopped, nxExitCode: 130 });
    expect(summary).toMatchObject({ exitCode: 130, verdict: 'interrupted' });
    expect(summary.rows.map(({ result }) => result).sort()).toEqual(['interrupted', 'not-run']);
  });

  test.each([
    ['without a record', { plan }],
    ['without a plan', { planProblem: 'no plan', record: record([]) }],
  ])('130 that nothing explains fails, %s', (_, known) => {
    expect(summarize({ ...known, nxExitCode: 130 })).toMatchObject({
      exitCode: 1,
      problems: [expect.stringContaining('exit code 130 (it was interrupted, or left a task out)')],
    });
  });

  test('is dropped with --nx-bail too, when nothing failed', () => {
    const some = record([recorded('links:build')]);
    const reports = reportsOf(report('links:build'));
    const summary = summarize({ plan, record: some, reports, bail: true });
    expect(summary).toMatchObject({ exitCode: 1, rows: [{}, DROPPED] });
  });

  test('is not run after --nx-bail', () => {
    const tasks = [planned('a:test'), planned('b:test')];
    const summary = summarize({
      plan: { tasks },
      record: record([recorded('a:test', { status: 'failure' })]),
      reports: reportsOf(report('a:test', { status: 'failed', exitCode: 1 })),
      nxExitCode: 1,
      bail: true,
    });
    expect(summary).toMatchObject({
      exitCode: 1,
      rows: [{ result: 'failed' }, { result: 'not-run', exitCode: 0 }],
    });
  });
});

describe('the run as a whole', () => {
  const plan = { tasks: [planned('links:test')] };
  const passed = { record: record([recorded('links:test')]), reports: reportsOf(report('links:test')) };

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s wins over what the tasks say', (_, interruption) => {
    const failed = reportsOf(report('links:test', { status: 'failed', exitCode: 1 }));
    expect(summarize({ plan, ...passed, reports: failed, interruption })).toMatchObject({
      exitCode: interruption,
      verdict: 'interrupted',
    });
  });

  test('a task that was stopped is interrupted, and so is the run', () => {
    const stopped = record([recorded('links:test', { status: 'stopped' })]);
    const summary = summarize({ plan, record: stopped, nxExitCode: 130 });
    expect(summary).toMatchObject({ exitCode: 130, rows: [{ result: 'interrupted' }] });
  });

  test('several services: 6, 5, 1, 3, 4, 2 in this order', () => {
    const ids = ['a:test', 'b:test', 'c:test'];
    const codes = (values: number[]) =>
      summarize({
        plan: { tasks: ids.map((id) => planned(id)) },
        record: record(ids.map((id) => recorded(id))),
        reports: reportsOf(
          ...ids.map((id, at) => report(id, { status: 'failed', exitCode: values[at] ?? 0 })),
        ),
      }).exitCode;
    expect(codes([3, 2, 4])).toBe(3);
    expect(codes([2, 4, 0])).toBe(4);
    expect(codes([3, 1, 2])).toBe(1);
    expect(codes([1, 6, 5])).toBe(6);
  });

  test('a task that failed with 4 in a run that had started: failed', () => {
    const failed = reportsOf(report('links:test', { status: 'failed', exitCode: 4 }));
    const ran = record([recorded('links:test', { status: 'failure' })]);
    const summary = summarize({ plan, record: ran, reports: failed, nxExitCode: 1 });
    expect(summary).toMatchObject({ exitCode: 4, verdict: 'failed' });
    const error = { code: 'x', what: 'no', fix: [], exitCode: 4 };
    const refused = summarize({ plan, record: record([], { error }), nxExitCode: 1 });
    expect(refused).toMatchObject({ exitCode: 4, verdict: 'not started' });
  });

  test('is not judged when the plan could not be read', () => {
    const summary = summarize({ ...passed, planProblem: 'Nx said no' });
    expect(summary).toMatchObject({ exitCode: 3, verdict: 'not judged' });
    expect(summary.notes).toEqual([
      'not checked: whether Nx left out a task, because the plan of the run could not be read (Nx said no)',
    ]);
  });

  test('fails when Nx failed and no task explains it', () => {
    const summary = summarize({ plan, nxExitCode: 1 });
    expect(summary).toMatchObject({
      exitCode: 1,
      rows: [{ result: 'not-run', headline: 'Nx left no record' }],
    });
    expect(summary.problems).toEqual([
      'Nx ended with exit code 1, and no task explains it: see its output above',
    ]);
  });

  test('that a hook refused ends with the exit code of the refusal', () => {
    const error = {
      code: 'exclusive-task',
      what: 'web:lint is exclusive',
      why: 'it would be lost',
      fix: ['nx run web:lint'],
      exitCode: 2,
    };
    const summary = summarize({ plan, record: record([], { error }), nxExitCode: 1 });
    expect(summary).toMatchObject({
      exitCode: 2,
      verdict: 'wrong usage or configuration',
      rows: [{ result: 'not-run', headline: 'the run was refused' }],
    });
    expect(summary.problems).toEqual([
      'error[exclusive-task]: web:lint is exclusive\n  why: it would be lost\n  fix: nx run web:lint',
    ]);
  });

  test('names a project that has no such target', () => {
    const summary = summarize({
      plan,
      ...passed,
      requested: { target: 'test', projects: ['links', 'docs'] },
    });
    expect(summary).toMatchObject({ exitCode: 2, problems: ['docs has no target test'] });
  });

  test('says that there is nothing to do', () => {
    const summary = summarize({ plan: { tasks: [] }, requested: { target: 'bench', projects: [] } });
    expect(summary).toMatchObject({
      exitCode: 2,
      problems: ['nothing to do: no project has a target bench'],
    });
  });

  test('hides an aggregate that passed, and orders by project and step', () => {
    const ids = [
      'links:lint-rust',
      'links:audit',
      'links:test',
      'links:build',
      'gateway:zebra',
      'gateway:bench',
    ];
    const tasks = ids.map((id) => planned(id, id.endsWith('lint-rust') ? { executor: 'nx:noop' } : {}));
    const summary = summarize({
      plan: { tasks },
      record: record(ids.map((id) => recorded(id))),
      reports: reportsOf(...ids.slice(1).map((id) => report(id))),
    });
    expect(summary.rows.map(({ id }) => id)).toEqual([
      'gateway:bench',
      'gateway:zebra',
      'links:build',
      'links:test',
      'links:audit',
    ]);
  });

  test('hides an aggregate whose steps are told, also without a plan and when one of them failed', () => {
    const steps = [{ step: 'clippy', status: 'failed', exitCode: 1 }];
    const reports = reportsOf(
      report('links:clippy', { status: 'failed', exitCode: 1 }),
      report('links:lint-rust', { status: 'failed', exitCode: 1, data: { steps } }),
    );
    const ran = record([
      recorded('links:clippy', { status: 'failure' }),
      recorded('links:lint-rust', { status: 'failure' }),
    ]);
    const summary = summarize({ record: ran, reports, nxExitCode: undefined });
    expect(summary).toMatchObject({ exitCode: 1, rows: [{ id: 'links:clippy' }] });
    const alone = summarize({
      record: record([recorded('links:lint-rust', { status: 'failure' })]),
      reports,
    });
    expect(alone.rows.map(({ id }) => id)).toEqual(['links:lint-rust']);
  });

  test('shows an aggregate that found a step without a result', () => {
    const error = { code: 'no-result', what: 'lint-rust has no result of audit', fix: [] };
    const reports = reportsOf(report('links:lint-rust', { status: 'failed', exitCode: 1, error }));
    const plan_ = { tasks: [planned('links:lint-rust', { executor: 'rust-platform-plugin:aggregate' })] };
    const summary = summarize({
      plan: plan_,
      record: record([recorded('links:lint-rust', { status: 'failure' })]),
      reports,
    });
    expect(summary).toMatchObject({ exitCode: 1, rows: [{ id: 'links:lint-rust', error }] });
  });

  test('without a plan, as in the hook of Nx, a report of another run still is no result', () => {
    const stale = reportsOf(report('links:test', { runId: 'run-0' }));
    const summary = summarize({
      record: record([recorded('links:test')]),
      reports: stale,
      nxExitCode: undefined,
    });
    expect(summary).toMatchObject({ exitCode: 1, rows: [{ result: 'no-result' }] });
  });
});
