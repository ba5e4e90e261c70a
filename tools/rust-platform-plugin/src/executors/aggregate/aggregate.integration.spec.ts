import { writeTaskReport } from '../../results/task-report-file';
import type { TaskReport } from '../../results/task-report';
import { writeCargoWorkspace } from '../../testing/cargo-workspace';
import { runExecutor, type ExecutorResult } from '../../testing/run-executor';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';

jest.setTimeout(60_000);

const TARGETS = { clippy: { cache: true }, rustfmt: { cache: true }, audit: {} };
const STEPS = ['clippy', 'rustfmt', 'audit'];

describe('aggregate', () => {
  let folder: TemporaryFolder;
  let root: string;

  beforeEach(async () => {
    folder = await temporaryFolder('aggregate');
    root = folder.path;
    await writeCargoWorkspace(root, { crates: { links: { 'src/lib.rs': '' } } });
  });
  afterEach(() => folder.remove());

  async function leave(target: string, runId: string, changes: Partial<TaskReport> = {}): Promise<void> {
    const report: TaskReport = {
      schemaVersion: 1,
      project: 'links',
      target,
      runId,
      status: 'passed',
      exitCode: 0,
      headline: `${target} is fine`,
      notes: [],
      startedAt: '2026-11-24T06:00:00.000Z',
      durationMs: 1,
      files: [],
      ...changes,
    };
    await writeTaskReport(root, 'reports', report, '.rust-platform');
  }

  const aggregate = (steps: string[], planned: string[] = [...STEPS, 'lint-rust']): Promise<ExecutorResult> =>
    runExecutor({
      executor: 'aggregate',
      root,
      project: 'links',
      projectRoot: 'services/links',
      target: 'lint-rust',
      targets: TARGETS,
      planned,
      options: { steps },
      env: { RUST_PLATFORM_RUN_ID: 'now' },
    });

  it('sums up this run and what the cache restored, and leaves out what the project does not have', async () => {
    await leave('clippy', 'before');
    await leave('rustfmt', 'now');
    const notes = ['not checked: x'];
    await leave('audit', 'now', { status: 'not-checked', headline: 'not checked: x', notes });
    const { exitCode, stdout, report } = await aggregate([...STEPS, 'bench']);
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      target: 'lint-rust',
      runId: 'now',
      status: 'not-checked',
      headline: 'clippy: clippy is fine · rustfmt: rustfmt is fine · audit: not checked: x',
      notes: ['audit: not checked: x'],
    });
    expect(stdout).toContain('note: audit: not checked: x');
  });

  it('ends with the code of a required check that was not made', async () => {
    await leave('audit', 'now', { status: 'not-checked', exitCode: 3 });
    const { exitCode, report } = await aggregate(['audit']);
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({ status: 'not-checked', exitCode: 3 });
  });

  it.each([
    ['an uncached step of an earlier run', ['audit'], undefined, 'the report of audit is of an earlier run'],
    ['a step that Nx left out', ['clippy'], ['lint-rust'], 'clippy was not part of this run'],
    ['a step without report', ['rustfmt'], undefined, 'rustfmt left no report'],
  ])('fails for %s', async (_what, steps, planned, why) => {
    await leave('clippy', 'before');
    await leave('audit', 'before');
    const { exitCode, report } = await aggregate(steps, planned);
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({ status: 'failed', error: { code: 'no-result' } });
    expect(report?.error?.why).toContain(why);
  });

  it('needs steps', async () => {
    const { report } = await aggregate([]);
    expect(report).toMatchObject({ exitCode: 2, error: { code: 'invalid-options' } });
  });
});
