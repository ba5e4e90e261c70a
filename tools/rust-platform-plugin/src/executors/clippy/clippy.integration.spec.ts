import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { crateManifest, writeCargoWorkspace, writeFiles } from '../../testing/cargo-workspace';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runExecutor, type ExecutorResult } from '../../testing/run-executor';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';

jest.setTimeout(180_000);

const CLEAN = '#[must_use]\npub const fn one() -> u8 {\n    1\n}\n';
const NEEDLESS_RETURN = 'pub fn one() -> u8 {\n    return 1;\n}\n';

describe('clippy', () => {
  let folder: TemporaryFolder;
  let root: string;
  let leaks: LeakCheck;

  beforeEach(async () => {
    folder = await temporaryFolder('clippy');
    root = folder.path;
    leaks = await startLeakCheck();
  });
  afterEach(async () => {
    await expectNothingLeft(leaks);
    await leaks.end();
    await folder.remove();
  });

  const clippy = (project: string, env = {}): Promise<ExecutorResult> =>
    runExecutor({
      executor: 'clippy',
      root,
      project,
      projectRoot: `services/${project}`,
      target: 'clippy',
      env,
    });

  it('is clean', async () => {
    await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': CLEAN } } });
    expect((await clippy('kit')).report).toMatchObject({ status: 'passed', headline: 'clean', notes: [] });
  });

  it('fails on a warning, shown once although library and tests have it, also when nothing is compiled anew', async () => {
    await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': NEEDLESS_RETURN } } });
    for (let run = 1; run <= 2; run += 1) {
      const { exitCode, stdout, report } = await clippy('kit');
      expect(exitCode).toBe(1);
      expect(report).toMatchObject({
        status: 'failed',
        exitCode: 1,
        headline: '1 warning',
        data: { errors: 0, warnings: 1 },
      });
      expect(stdout.match(/unneeded `return` statement/g)).toHaveLength(1);
    }
  });

  it('looks at tests as well', async () => {
    const test = '#[test]\nfn adds() {\n    let x = 1;\n    assert!(true);\n}\n';
    await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': CLEAN, 'tests/api.rs': test } } });
    expect((await clippy('kit')).report?.headline).toBe('2 warnings');
  });

  it('tells errors from warnings', async () => {
    const code =
      '#![deny(clippy::needless_return)]\npub fn one() -> u8 {\n    let unused = 2;\n    return 1;\n}\n';
    await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': code } } });
    expect((await clippy('kit')).report?.headline).toBe('1 error, 1 warning');
  });

  it('judges this crate only, and says when one that it needs does not compile', async () => {
    const links = {
      'Cargo.toml': crateManifest('links', '[dependencies]\nkit = { path = "../kit" }\n'),
      'src/lib.rs': CLEAN,
    };
    await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': NEEDLESS_RETURN }, links } });
    expect((await clippy('links')).report?.headline).toBe('clean');
    await writeFiles(root, { 'services/kit/src/lib.rs': 'pub fn one() -> u8 { "no" }\n' });
    const broken = await clippy('links');
    expect(broken.report).toMatchObject({
      headline: 'links was not compiled, because kit does not compile',
      error: { code: 'not-reached' },
    });
    expect(broken.stdout).toContain('mismatched types');
  });

  it('lints what was compiled before for another crate, which cargo would call fresh', async () => {
    const kit = { 'src/lib.rs': CLEAN, 'build.rs': 'fn main() {\n    let x = || return 1;\n    x();\n}\n' };
    const links = {
      'Cargo.toml': crateManifest('links', '[dependencies]\nkit = { path = "../kit" }\n'),
      'src/lib.rs': CLEAN,
    };
    await writeCargoWorkspace(root, { crates: { kit, links } });
    expect((await clippy('links')).report?.headline).toBe('clean');
    expect((await clippy('kit')).report?.headline).toBe('1 warning');
  });

  it('notices a clippy.toml that is new, which cargo does not', async () => {
    const code = 'pub fn many(a: u8, b: u8, c: u8) -> u8 {\n    a + b + c\n}\n';
    await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': code } } });
    expect((await clippy('kit')).report?.headline).toBe('clean');
    await writeFiles(root, { 'services/clippy.toml': 'too-many-arguments-threshold = 2\n' });
    expect((await clippy('kit')).report?.headline).toBe('1 warning');
  });

  it('says how to get clippy', async () => {
    await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': CLEAN } } });
    const said =
      "error: 'cargo-clippy' is not installed for the toolchain 'stable-x86_64-unknown-linux-gnu'.";
    // The model asks for metadata, so only the lint is refused.
    const stub = `#!/bin/sh\nif [ "$1" = clippy ]; then echo "${said}" >&2; exit 1; fi\nPATH="$REAL_PATH" exec cargo "$@"\n`;
    await writeFiles(root, { 'bin/cargo': stub });
    await chmod(join(root, 'bin/cargo'), 0o755);
    const env = { PATH: `${root}/bin:${process.env['PATH']}`, REAL_PATH: process.env['PATH'] };
    const { report } = await clippy('kit', env);
    expect(report).toMatchObject({ exitCode: 4, error: { code: 'component-missing' } });
    expect(report?.error?.fix[0]).toBe('rustup component add clippy');
  });
});
