import { once } from 'node:events';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTaskReport } from '../results/task-report-file';
import type { TaskReport } from '../results/task-report';
import { writeCargoWorkspace, writeFiles } from '../testing/cargo-workspace';
import { eventually } from '../testing/eventually';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../testing/leak-check';
import { processesOf } from '../testing/processes-of';
import { forkExecutor, runExecutor, startExecutor, type ExecutorRun } from '../testing/run-executor';
import type { TypeScriptProcess } from '../testing/run-typescript';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';

jest.setTimeout(240_000);

const MAIN = 'fn main() {}\n';
const BLOCKING = /Blocking\s+waiting for file lock|waiting for another cargo/;

/** A build script that says it runs, and waits until a file appears (or a minute has passed). */
function waitFor(file: string): string {
  return `fn main() {
    std::fs::write("${file}.started", "").unwrap();
    for _ in 0..1200 {
        if std::path::Path::new("${file}").exists() { return; }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
`;
}

describe('a task', () => {
  let folder: TemporaryFolder;
  let root: string;
  let gate: string;
  let leaks: LeakCheck;

  beforeEach(async () => {
    folder = await temporaryFolder('task');
    root = folder.path;
    gate = join(root, 'gate');
    leaks = await startLeakCheck();
  });
  afterEach(async () => {
    await expectNothingLeft(leaks);
    await leaks.end();
    await folder.remove();
  });

  const task = (executor: string, project: string): ExecutorRun => ({
    executor,
    root,
    project,
    projectRoot: `services/${project}`,
    target: executor,
  });

  const reportOf = (executor: string, project: string): Promise<TaskReport | undefined> =>
    readTaskReport(root, 'reports', { project, target: executor });

  async function started(): Promise<void> {
    const exists = () =>
      access(`${gate}.started`).then(
        () => true,
        () => false,
      );
    await eventually(exists, 'the build script runs', 60_000);
  }

  async function exitCodeOf(running: TypeScriptProcess): Promise<number | undefined> {
    return (await running.exited).exitCode;
  }

  /** The moment from which even SIGKILL ends what the task started. */
  async function isGuarded({ identity }: TypeScriptProcess): Promise<boolean> {
    return (await processesOf(identity.pid)).some(({ command }) => command.includes('guardian-main'));
  }

  it('waits for another one that uses the target directory, says for whom, and cargo never waits', async () => {
    const slow = { 'src/main.rs': MAIN, 'build.rs': waitFor(gate) };
    await writeCargoWorkspace(root, { crates: { slow, links: { 'src/main.rs': MAIN } } });
    const first = await startExecutor(task('build', 'slow'));
    await started();
    const second = await startExecutor(task('clippy', 'links'));
    const line = await second.line(/waiting for the target directory/);
    expect(line).toContain(`pid ${first.identity.pid} (build slow)`);
    await writeFiles(root, { gate: '' });
    expect([await exitCodeOf(first), await exitCodeOf(second)]).toEqual([0, 0]);
    expect([...first.lines, ...second.lines].join('\n')).not.toMatch(BLOCKING);
    expect(second.lines.filter((text) => text.startsWith('waiting for'))).toHaveLength(1);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)('ended by %s ends cargo and rustc, and reports exit code %i', async (signal, exitCode) => {
    await writeCargoWorkspace(root, { crates: { slow: { 'src/main.rs': MAIN, 'build.rs': waitFor(gate) } } });
    const running = await startExecutor(task('build', 'slow'));
    await started();
    running.kill(signal);
    expect(await exitCodeOf(running)).toBe(1);
    const report = await reportOf('build', 'slow');
    expect(report).toMatchObject({ status: 'interrupted', exitCode, error: { code: 'interrupted' } });
    expect(running.lines.filter((line) => line.startsWith('error['))).toHaveLength(1);
    await expectNothingLeft(leaks, { withinMs: 5_000 });
  });

  it('is interrupted, not failed, when its children are ended first, as Nx does it', async () => {
    await writeCargoWorkspace(root, { crates: { slow: { 'src/main.rs': MAIN, 'build.rs': waitFor(gate) } } });
    const running = await startExecutor(task('build', 'slow'));
    await started();
    const leaf = (await processesOf(running.identity.pid)).find(({ command }) =>
      command.includes('build-script'),
    );
    process.kill(leaf?.pid ?? 0, 'SIGTERM');
    running.kill('SIGTERM');
    expect(await exitCodeOf(running)).toBe(1);
    expect(await reportOf('build', 'slow')).toMatchObject({ status: 'interrupted', exitCode: 143 });
  });

  it('ends and reports when Nx is gone, although nobody reads its output any more', async () => {
    await writeCargoWorkspace(root, { crates: { slow: { 'src/main.rs': MAIN, 'build.rs': waitFor(gate) } } });
    const child = forkExecutor(task('build', 'slow'));
    const exited = once(child, 'exit');
    await started();
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.disconnect();
    expect(await exited).toEqual([1, null]);
    expect(await reportOf('build', 'slow')).toMatchObject({
      status: 'interrupted',
      exitCode: 143,
      error: { why: 'Nx, which started this task, is gone' },
    });
  });

  it('is interrupted while it waits for a lock, and leaves the other alone', async () => {
    const slow = { 'src/main.rs': MAIN, 'build.rs': waitFor(gate) };
    await writeCargoWorkspace(root, { crates: { slow, links: { 'src/main.rs': MAIN } } });
    const first = await startExecutor(task('build', 'slow'));
    await started();
    const second = await startExecutor(task('build', 'links'));
    await second.line(/waiting for the target directory/);
    second.kill('SIGINT');
    expect(await exitCodeOf(second)).toBe(1);
    expect(await reportOf('build', 'links')).toMatchObject({ status: 'interrupted', exitCode: 130 });
    await writeFiles(root, { gate: '' });
    expect(await exitCodeOf(first)).toBe(0);
  });

  it('that is killed leaves no compiler behind, and its lock to the next one', async () => {
    const slow = { 'src/main.rs': MAIN, 'build.rs': waitFor(gate) };
    await writeCargoWorkspace(root, { crates: { slow, links: { 'src/main.rs': MAIN } } });
    const running = await startExecutor(task('build', 'slow'));
    await started();
    await eventually(() => isGuarded(running), 'the guardian of the task runs');
    running.kill('SIGKILL');
    await running.exited;
    const left = () => processesOf(process.pid, leaks.marker);
    await eventually(async () => (await left()).length === 0, 'no process is left', 10_000);
    expect((await runExecutor(task('build', 'links'))).exitCode).toBe(0);
    await expectNothingLeft(leaks);
  });

  it('ends its tests when interrupted', async () => {
    const sleeps = `#[test]\nfn sleeps() {\n    std::fs::write("${gate}.started", "").unwrap();\n    std::thread::sleep(std::time::Duration::from_secs(120));\n}\n`;
    await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': '', 'tests/api.rs': sleeps } } });
    const running = await startExecutor(task('test', 'kit'));
    await started();
    const began = Date.now();
    running.kill('SIGINT');
    expect(await exitCodeOf(running)).toBe(1);
    expect(Date.now() - began).toBeLessThan(15_000);
    expect(await reportOf('test', 'kit')).toMatchObject({ status: 'interrupted', exitCode: 130 });
    await expectNothingLeft(leaks, { withinMs: 5_000 });
  });

  it('fails by a problem of its Cargo workspace before anything runs, and so does no other task', async () => {
    await writeCargoWorkspace(root, { crates: { links: { 'src/main.rs': MAIN } } });
    await writeFiles(root, { 'services/rust-toolchain.toml': '[toolchain]\nchannel = "1.2.3"\n' });
    const { report, exitCode } = await runExecutor({
      ...task('build', 'links'),
      env: { RUSTUP_AUTO_INSTALL: '0', RUSTUP_TOOLCHAIN: undefined },
    });
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({ exitCode: 4, error: { code: 'toolchain-missing' } });
    expect(report?.error?.fix.join()).toContain('rustup toolchain install 1.2.3');
  });

  it('lists all mistakes in the plugin options, and still leaves a report', async () => {
    await writeCargoWorkspace(root, { crates: { links: { 'src/main.rs': MAIN } } });
    const options = { postgresPort: 'x', unknown: 1 };
    await writeFiles(root, {
      'nx.json': JSON.stringify({ plugins: [{ plugin: 'rust-platform-plugin', options }] }),
    });
    const { report, stderr } = await runExecutor(task('build', 'links'));
    expect(report).toMatchObject({ status: 'failed', exitCode: 2, error: { code: 'invalid-options' } });
    expect(stderr).toContain('postgresPort');
    expect(stderr).toContain('unknown');
    expect(stderr).not.toContain('\u001b');
  });

  it('says when its report cannot be written, and fails', async () => {
    await writeCargoWorkspace(root, { crates: { links: { 'src/main.rs': MAIN } } });
    await writeFiles(root, { reports: 'a file' });
    const { exitCode, stderr } = await runExecutor(task('rustfmt', 'links'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('reports');
    expect(await readFile(join(root, 'reports'), 'utf8')).toBe('a file');
  });
});
