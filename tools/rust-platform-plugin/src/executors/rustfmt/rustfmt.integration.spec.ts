import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCargoWorkspace } from '../../testing/cargo-workspace';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runExecutor, type ExecutorResult } from '../../testing/run-executor';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';

jest.setTimeout(120_000);

const UNFORMATTED = 'pub fn   one( ) -> u8 { 1 }\n';
const FORMATTED = 'pub fn one() -> u8 {\n    1\n}\n';

describe('rustfmt', () => {
  let folder: TemporaryFolder;
  let root: string;
  let leaks: LeakCheck;

  beforeEach(async () => {
    folder = await temporaryFolder('rustfmt');
    root = folder.path;
    leaks = await startLeakCheck();
  });
  afterEach(async () => {
    await expectNothingLeft(leaks);
    await leaks.end();
    await folder.remove();
  });

  const rustfmt = (project: string): Promise<ExecutorResult> =>
    runExecutor({
      executor: 'rustfmt',
      root,
      project,
      projectRoot: `services/${project}`,
      target: 'rustfmt',
    });

  it('shows the difference, names the files and the fix, and changes nothing', async () => {
    const kit = { 'src/lib.rs': `mod inner;\n${UNFORMATTED}`, 'src/inner.rs': UNFORMATTED };
    await writeCargoWorkspace(root, { crates: { kit, links: { 'src/lib.rs': FORMATTED } } });
    const { exitCode, stdout, report } = await rustfmt('kit');
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({
      status: 'failed',
      headline: '2 files not formatted: services/kit/src/inner.rs, services/kit/src/lib.rs',
      notes: ['fix: cargo fmt -p kit --manifest-path services/Cargo.toml'],
    });
    expect(stdout).toContain('-pub fn   one( ) -> u8 { 1 }');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain(root);
    expect(await readFile(join(root, 'services/kit/src/inner.rs'), 'utf8')).toBe(UNFORMATTED);
    expect((await rustfmt('links')).report).toMatchObject({ status: 'passed', headline: 'formatted' });
  });

  it('says when it cannot read a file', async () => {
    await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': 'fn {\n' } } });
    const { report, stdout } = await rustfmt('kit');
    expect(report).toMatchObject({ status: 'failed', exitCode: 1, error: { code: 'rustfmt-failed' } });
    expect(report?.error?.why).toContain('error');
    expect(stdout).toContain('src/lib.rs:1');
  });
});
