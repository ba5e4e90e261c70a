import { execFileSync } from 'node:child_process';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { builtBinary, readBuildRecord } from '../../engines/cargo/build-record';
import { crateManifest, writeCargoWorkspace, writeFiles } from '../../testing/cargo-workspace';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runExecutor, type ExecutorResult } from '../../testing/run-executor';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';

jest.setTimeout(180_000);

const MAIN = 'fn main() { println!("hello"); }\n';

describe('build', () => {
  let folder: TemporaryFolder;
  let root: string;
  let leaks: LeakCheck;

  beforeEach(async () => {
    folder = await temporaryFolder('build');
    root = folder.path;
    leaks = await startLeakCheck();
  });
  afterEach(async () => {
    await expectNothingLeft(leaks);
    await leaks.end();
    await folder.remove();
  });

  const build = (project: string, options = {}): Promise<ExecutorResult> =>
    runExecutor({
      executor: 'build',
      root,
      project,
      projectRoot: `services/${project}`,
      target: 'build',
      options,
    });

  async function say(project: string, name: string): Promise<string> {
    const record = await readBuildRecord(root, 'dist/rust', project);
    return execFileSync(builtBinary(record, name), { encoding: 'utf8' }).trim();
  }

  it('publishes every binary with a record, whatever folder and package are called', async () => {
    const manifest = crateManifest('short-links');
    const files = { 'Cargo.toml': manifest, 'src/main.rs': MAIN, 'src/bin/worker.rs': MAIN };
    await writeCargoWorkspace(root, { crates: { links: files } });
    const result = await runExecutor({
      executor: 'build',
      root,
      project: 'short-links',
      projectRoot: 'services/links',
      target: 'build',
    });
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(result.report).toMatchObject({ status: 'passed', exitCode: 0, notes: [] });
    expect(result.report?.headline).toMatch(/^2 binaries: short-links \d+\.\d MB, worker \d+\.\d MB$/);
    expect(result.stdout).toContain(result.report?.headline);
    const record = await readBuildRecord(root, 'dist/rust', 'short-links');
    expect(record).toMatchObject({
      package: 'short-links',
      profile: 'release',
      cargoArgs: ['build', '--locked', '--release', '-p=short-links', '--bins'],
      lockSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      rustc: expect.stringMatching(/^rustc \d+\.\d+\.\d+ .* \S+$/),
    });
    expect(await say('short-links', 'worker')).toBe('hello');
  });

  it('keeps two binaries of the same name apart', async () => {
    const saying = (text: string) => ({ 'src/bin/schema.rs': `fn main() { println!("${text}"); }\n` });
    await writeCargoWorkspace(root, { crates: { links: saying('links'), orders: saying('orders') } });
    for (const project of ['links', 'orders', 'links']) expect((await build(project)).exitCode).toBe(0);
    expect(await say('links', 'schema')).toBe('links');
    expect(await say('orders', 'schema')).toBe('orders');
  });

  it('gives only a verdict for a library, and counts its warnings', async () => {
    await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': 'fn unused() {}\n' } } });
    const { report, stdout } = await build('kit');
    expect(report).toMatchObject({ status: 'passed', headline: 'library compiles, 1 warning', files: [] });
    expect(stdout.match(/function `unused` is never used/g)).toHaveLength(1);
    await expect(readdir(join(root, 'dist'))).rejects.toThrow('ENOENT');
  });

  it('shows a compile error once, with its place, and keeps the old binaries', async () => {
    await writeCargoWorkspace(root, { crates: { links: { 'src/main.rs': MAIN } } });
    expect((await build('links')).exitCode).toBe(0);
    await writeFiles(root, { 'services/links/src/main.rs': 'fn main() { let x: u8 = "no"; }\n' });
    const result = await build('links');
    expect(result.exitCode).toBe(1);
    expect(result.stdout.match(/mismatched types/g)).toHaveLength(1);
    expect(result.stderr.match(/error\[compile-failed\]/g)).toHaveLength(1);
    expect(result.report).toMatchObject({
      status: 'failed',
      exitCode: 1,
      headline: 'links does not compile: 1 error',
      error: {
        code: 'compile-failed',
        why: 'links/src/main.rs:1: mismatched types',
        fix: ['cargo check --all-targets -p links --manifest-path services/Cargo.toml'],
      },
    });
    expect(await say('links', 'links')).toBe('hello');
  });

  it('refuses a stale lock in cargo’s words, and compiles nothing', async () => {
    await writeCargoWorkspace(root, { crates: { links: { 'src/main.rs': MAIN } } });
    const manifest = crateManifest('links').replace('0.1.0', '0.2.0');
    await writeFiles(root, { 'services/links/Cargo.toml': manifest });
    const before = await readFile(join(root, 'services/Cargo.lock'), 'utf8');
    const { report } = await build('links');
    expect(report).toMatchObject({ status: 'failed', exitCode: 2, error: { code: 'stale-lock' } });
    expect(report?.error?.why).toContain('--locked was passed');
    expect(report?.error?.fix).toContain('cargo update --workspace --manifest-path services/Cargo.toml');
    expect(await readFile(join(root, 'services/Cargo.lock'), 'utf8')).toBe(before);
  });

  it('runs without a lock, and says so', async () => {
    await writeCargoWorkspace(root, { crates: { links: { 'src/main.rs': MAIN } }, lock: false });
    const { report, exitCode } = await build('links');
    expect(exitCode).toBe(0);
    expect(report?.notes).toEqual([expect.stringContaining('there is no Cargo.lock')]);
    expect(report?.data).toMatchObject({
      lockSha256: null,
      cargoArgs: ['build', '--release', '-p=links', '--bins'],
    });
  });

  it('compiles again what cargo would call fresh: other content with an old time', async () => {
    await writeCargoWorkspace(root, {
      crates: {
        kit: { 'src/lib.rs': 'pub const SAY: &str = "old";\n' },
        links: {
          'Cargo.toml': crateManifest('links', '[dependencies]\nkit = { path = "../kit" }\n'),
          'src/main.rs': 'fn main() { println!("{}", kit::SAY); }\n',
        },
      },
    });
    await build('links');
    expect(await say('links', 'links')).toBe('old');
    const source = join(root, 'services/kit/src/lib.rs');
    await writeFiles(root, { 'services/kit/src/lib.rs': 'pub const SAY: &str = "new";\n' });
    await utimes(source, new Date('2020-01-01'), new Date('2020-01-01'));
    await build('links');
    expect(await say('links', 'links')).toBe('new');
  });

  it('says how to get a cargo that is missing', async () => {
    await writeCargoWorkspace(root, { crates: { links: { 'src/main.rs': MAIN } } });
    const result = await runExecutor({
      executor: 'build',
      root,
      project: 'links',
      projectRoot: 'services/links',
      target: 'build',
      env: { PATH: '/nonexistent' },
    });
    expect(result.report).toMatchObject({ status: 'failed', exitCode: 4, error: { code: 'cargo-missing' } });
    expect(result.report?.error?.fix.join()).toContain('https://sh.rustup.rs');
  });

  it('refuses options that it does not have, and a project that is no crate', async () => {
    await writeCargoWorkspace(root, { crates: { links: { 'src/main.rs': MAIN } } });
    const options = await build('links', { profile: 'dev', bins: true });
    expect(options.report).toMatchObject({ exitCode: 2, error: { code: 'invalid-options' } });
    expect(options.report?.error?.why).toBe('profile: is not an option\nbins: is not an option');
    const unknown = await build('gone');
    expect(unknown.report).toMatchObject({ exitCode: 2, error: { code: 'unknown-crate' } });
  });

  it('leaves nothing beside the folders of cargo, Nx and the plugin options', async () => {
    await writeCargoWorkspace(root, { crates: { links: { 'src/main.rs': MAIN } } });
    await build('links');
    const own = ['.nx', '.rust-platform', 'dist', 'reports'];
    expect((await readdir(root)).filter((name) => !own.includes(name)).sort()).toEqual([
      'nx.json',
      'services',
    ]);
    expect((await readdir(join(root, 'services'))).sort()).toEqual([
      'Cargo.lock',
      'Cargo.toml',
      'links',
      'target',
    ]);
  });
});
