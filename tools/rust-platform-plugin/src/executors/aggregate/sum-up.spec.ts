import type { TaskReport } from '../../results/task-report';
import { sumUp, type StepEvidence } from './sum-up';

function step(
  name: string,
  changes: Partial<TaskReport> = {},
  evidence: Partial<StepEvidence> = {},
): StepEvidence {
  const report: TaskReport = {
    schemaVersion: 1,
    project: 'links',
    target: name,
    runId: 'run-1',
    status: 'passed',
    exitCode: 0,
    headline: 'clean',
    notes: [],
    startedAt: '2026-11-24T06:00:00.000Z',
    durationMs: 1,
    files: [],
    ...changes,
  };
  return { step: name, report, isCached: false, isPlanned: true, ...evidence };
}

function sum(...evidence: StepEvidence[]) {
  return sumUp({ project: 'links', target: 'lint-rust', runId: 'run-1', evidence });
}

describe('sumUp', () => {
  it('tells the headline, notes and files of every step', () => {
    const clippy = step('clippy', { files: ['reports/links/a.xml'] });
    const audit = step('audit', {
      headline: 'not checked: x',
      status: 'not-checked',
      notes: ['not checked: x'],
    });
    expect(sum(clippy, audit)).toMatchObject({
      status: 'not-checked',
      exitCode: 0,
      headline: 'clippy: clean · audit: not checked: x',
      notes: ['audit: not checked: x'],
      files: ['reports/links/a.xml'],
    });
  });

  it.each([
    [['passed', 'degraded'], 'degraded'],
    [['degraded', 'not-checked', 'passed'], 'not-checked'],
    [['not-checked', 'failed'], 'failed'],
    [['failed', 'interrupted'], 'interrupted'],
    [['skipped', 'passed'], 'passed'],
    [['skipped', 'skipped'], 'skipped'],
  ] as const)('of %j is %s', (statuses, expected) => {
    const steps = statuses.map((status, index) => step(`step-${index}`, { status }));
    expect(sum(...steps).status).toBe(expected);
  });

  it('combines the exit codes by the table of the interface', () => {
    const audit = step('audit', { status: 'not-checked', exitCode: 3 });
    expect(sum(step('clippy'), audit).exitCode).toBe(3);
    expect(sum(audit, step('clippy', { status: 'failed', exitCode: 1 })).exitCode).toBe(1);
  });

  it('takes the report of an earlier run only where the cache restored it', () => {
    const hit = step('clippy', { runId: 'run-0' }, { isCached: true });
    expect(sum(hit).status).toBe('passed');
    expect(() => sum(step('audit', { runId: 'run-0' }))).toThrow(
      'the report of audit is of an earlier run (2026-11-24T06:00:00.000Z)',
    );
  });

  it.each([
    ['no report', { report: undefined }, 'clippy left no report'],
    ['a step that Nx did not plan', { isPlanned: false, isCached: true }, 'clippy was not part of this run'],
  ])('fails with %s', (_what, evidence, why) => {
    expect(() => sum(step('clippy', {}, evidence), step('rustfmt'))).toThrow(
      expect.objectContaining({ code: 'no-result', exitCode: 1, why }),
    );
  });

  it('tells nothing twice when a step is the sum of others that are here too, but counts it', () => {
    const audit = step('audit', { notes: ['stale'] });
    const lint = step('lint-rust', {
      exitCode: 3,
      notes: ['audit: stale'],
      data: { steps: [{ step: 'audit' }] },
    });
    expect(sum(audit, lint)).toMatchObject({
      headline: 'audit: clean',
      notes: ['audit: stale'],
      exitCode: 3,
    });
    expect(sum(lint)).toMatchObject({ headline: 'lint-rust: clean', notes: ['lint-rust: audit: stale'] });
  });

  it('is skipped when no step applies', () => {
    expect(sum()).toMatchObject({ status: 'skipped', exitCode: 0, headline: 'no step applies' });
  });
});
