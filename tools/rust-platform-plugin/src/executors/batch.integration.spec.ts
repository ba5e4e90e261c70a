import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crateManifest } from '../testing/cargo-workspace';
import { eventually } from '../testing/eventually';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../testing/leak-check';
import { liveNxWorkspace, type LiveNxWorkspace } from '../testing/live-nx-workspace';
import { findTool } from '../testing/describe-with';

jest.setTimeout(300_000);

const LIB = '#[must_use]\npub const fn one() -> u8 {\n    1\n}\n';
const dependingOn = (name: string, other: string): string =>
  crateManifest(name, `[dependencies]\n${other} = { path = "../${other}" }\n`);

const CRATES = {
  kit: { 'src/lib.rs': `${LIB}\n#[test]\nfn works() {}\n` },
  links: { 'Cargo.toml': dependingOn('links', 'kit'), 'src/lib.rs': LIB, 'src/main.rs': 'fn main() {}\n' },
  orders: { 'Cargo.toml': dependingOn('orders', 'kit'), 'src/main.rs': 'fn main() {}\n' },
};

describe('a batch', () => {
  let workspace: LiveNxWorkspace;
  let leaks: LeakCheck;

  beforeEach(async () => {
    leaks = await startLeakCheck();
    workspace = await liveNxWorkspace({ crates: CRATES });
  });
  afterEach(async () => {
    await expectNothingLeft(leaks);
    await leaks.end();
    await workspace.remove();
  });

  const inRoot = (...names: string[]): string => join(workspace.root, ...names);

  /** A cargo that writes down when it began and ended, beside the real one. */
  async function watchCargo(before = ''): Promise<{ env: Record<string, string>; calls(): Promise<Call[]> }> {
    const log = inRoot('cargo.log');
    const real = findTool('cargo') ?? 'cargo';
    const script = `#!/bin/sh
if [ "$1" = metadata ] || [ "$2" = --version ] || [ "$1" = -vV ] || [ "$1" = -V ]; then exec "${real}" "$@"; fi
echo "+ $$ $CARGO_TARGET_DIR $*" >> "${log}"
${before}
"${real}" "$@"
code=$?
echo "- $$" >> "${log}"
exit $code
`;
    await workspace.write({ 'bin/cargo': script });
    await chmod(inRoot('bin/cargo'), 0o755);
    return {
      env: { PATH: `${inRoot('bin')}:${process.env['PATH']}` },
      calls: async () => parseCalls(await readFile(log, 'utf8')),
    };
  }

  it('is one cargo for all crates of a target, and never two on one target directory', async () => {
    const { env, calls } = await watchCargo();
    const { exitCode, stdout } = await workspace.nx(
      ['run-many', '-t', 'clippy', 'check', 'test', 'build', 'rustfmt', '--parallel=4'],
      env,
    );
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(stdout).not.toMatch(/Blocking|waiting for another cargo/);
    const all = (await calls()).filter(({ args }) => !args.includes('--unit-graph'));
    const compiling = all.filter(({ args }) =>
      /^(clippy|check|build|test --no-run|test --locked --no-run)/.test(args),
    );
    expect(compiling.map(({ args }) => args.split(' ')[0]).sort()).toEqual([
      'build',
      'build',
      'check',
      'clippy',
      'test',
    ]);
    expect(all.filter(({ args }) => args.startsWith('fmt'))).toHaveLength(1);
    const cargos = all.filter(({ args }) => !/^(fmt|nextest run)/.test(args));
    const overlapping = cargos.filter((a) => cargos.some((b) => a !== b && b.from < a.from && a.from < b.to));
    expect(overlapping).toEqual([]);
  });

  it('passes nobody on the word of a cargo for which nobody knows that it gives each what it gets alone', async () => {
    await workspace.write({
      'services/kit/Cargo.toml': crateManifest('kit', '[features]\nx = []\n'),
      'services/kit/src/lib.rs': '#[cfg(feature = "x")]\npub const fn x() {}\n',
      'services/links/Cargo.toml': crateManifest(
        'links',
        '[dependencies]\nkit = { path = "../kit", features = ["x"] }\n',
      ),
      'services/orders/src/main.rs': 'fn main() {\n    kit::x();\n}\n',
    });
    // As if the lock had been stale for that moment.
    const stale = 'error: cannot update the lock file because --locked was passed to prevent this';
    const { env, calls } = await watchCargo(
      `case "$*" in *unit-graph*) echo '${stale}' >&2; echo "- $$" >> "${inRoot('cargo.log')}"; exit 101;; esac`,
    );
    const { exitCode } = await workspace.nx(['run-many', '-t', 'check', '--batch'], env);
    expect(exitCode).toBe(1);
    expect(await workspace.report('links', 'check')).toMatchObject({ status: 'passed' });
    expect(await workspace.report('kit', 'check')).toMatchObject({ status: 'passed' });
    expect(await workspace.report('orders', 'check')).toMatchObject({ status: 'failed' });
    const selected = (await calls())
      .filter(({ args }) => !args.includes('--unit-graph'))
      .map(({ args }) => args.match(/-p=\w+/gu)?.join(' '));
    expect(selected).toEqual(['-p=kit -p=links -p=orders', '-p=kit', '-p=links', '-p=orders']);
  });

  it('does not let Nx keep what must not be kept, alone or together, and runs it again', async () => {
    // A file whose name no scan can tell.
    const unsettled =
      'fn main() {\n    let name = format!("{}.txt", std::env::args().count());\n    let _ = std::fs::read(name);\n}\n';
    const run = async (mode: string): Promise<{ kept: number; startedAt?: string; notes?: string[] }> => {
      const { exitCode, stdout } = await workspace.nx(['run-many', '-t', 'check', mode]);
      expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
      const stored = await readdir(inRoot('cache'));
      const { startedAt, notes } = (await workspace.report('kit', 'check')) ?? {};
      return { kept: stored.filter((name) => /^\d+$/.test(name)).length, startedAt, notes };
    };
    for (const mode of ['--batch', '--no-batch']) {
      await rm(inRoot('cache'), { recursive: true, force: true });
      await workspace.write({ 'services/kit/build.rs': unsettled });
      const first = await run(mode);
      expect([mode, first]).toMatchObject([
        mode,
        { kept: 0, notes: [expect.stringMatching(/^not cached: /)] },
      ]);
      const second = await run(mode);
      expect([mode, second.kept]).toEqual([mode, 0]);
      expect(second.startedAt).not.toBe(first.startedAt);
      await rm(inRoot('services/kit/build.rs'));
      expect([mode, await run(mode)]).toMatchObject([mode, { kept: 3, notes: [] }]);
    }
  });

  it('fails only the crate that was given an option which does not exist', async () => {
    const options = '{ "targets": { "check": { "options": { "speed": 11 } } } }';
    await workspace.write({ 'services/links/project.json': options });
    const { stdout } = await workspace.nx(['run-many', '-t', 'check', '--batch']);
    expect(stdout).toContain('speed: is not an option');
    expect(await workspace.report('links', 'check')).toMatchObject({
      exitCode: 2,
      error: { code: 'invalid-options' },
    });
    expect(await workspace.report('orders', 'check')).toMatchObject({ status: 'passed' });
    await workspace.nx(['run-many', '-t', 'check', '--speed=11']);
    expect(await workspace.report('kit', 'check')).toMatchObject({ error: { code: 'invalid-options' } });
  });

  it('tells of each crate that the lock is stale, as each alone would be told', async () => {
    const manifest = await readFile(inRoot('services/kit/Cargo.toml'), 'utf8');
    await workspace.write({ 'services/kit/Cargo.toml': manifest.replace('0.1.0', '0.2.0') });
    const errors = async (mode: string): Promise<unknown[]> => {
      await workspace.nx(['run-many', '-t', 'check', mode]);
      const reports = ['kit', 'links', 'orders'].map((project) => workspace.report(project, 'check'));
      return (await Promise.all(reports)).map((report) => [
        report?.exitCode,
        report?.headline,
        report?.error,
      ]);
    };
    const batch = await errors('--batch');
    expect(batch).toEqual(await errors('--no-batch'));
    expect(batch[1]).toMatchObject([
      2,
      'Cargo.lock does not fit the manifests, so links was not compiled',
      { code: 'stale-lock' },
    ]);
  });

  it('ends cargo when it is interrupted, and reports every task that was under way', async () => {
    const slow = `fn main() {
    std::fs::write("${inRoot('started')}", "").unwrap();
    std::thread::sleep(std::time::Duration::from_secs(120));
}
`;
    await workspace.write({ 'services/kit/build.rs': slow });
    const child = await workspace.start(['run-many', '-t', 'check']);
    await eventually(() => existsSync(inRoot('started')), 'the build script runs', 60_000);
    const began = Date.now();
    process.kill(child.identity.pid, 'SIGTERM');
    const { exitCode } = await child.exited;
    expect(exitCode).not.toBe(0);
    expect(Date.now() - began).toBeLessThan(5_000);
    for (const project of ['kit', 'links', 'orders']) {
      expect(await workspace.report(project, 'check')).toMatchObject({
        status: 'interrupted',
        error: { code: 'interrupted' },
      });
    }
    await expectNothingLeft(leaks, { withinMs: 5_000 });
  });

  it('gives each crate the .env of its own, and compiles those apart that would notice another', async () => {
    const test = (name: string): string =>
      `#[test]\nfn own_file() {\n    assert_eq!(std::env::var("SERVICE").unwrap(), "${name}");\n}\n`;
    await workspace.write({
      'services/links/.env': 'SERVICE=links\nBAKED=of links\n',
      'services/orders/.env': 'SERVICE=orders\nBAKED=of orders\n',
      'services/links/tests/api.rs': test('links'),
      'services/orders/tests/api.rs': test('orders'),
    });
    const { env, calls } = await watchCargo();
    const compiled = async (): Promise<number> =>
      (await calls()).filter(({ args }) => args.includes('--no-run') && !args.includes('--unit-graph'))
        .length;
    expect(await workspace.nx(['run-many', '-t', 'test'], env)).toMatchObject({ exitCode: 0 });
    expect(await compiled()).toBe(1);
    const baked = 'fn main() {\n    print!("{}", env!("BAKED"));\n}\n';
    const reads = (name: string): string => `#[test]
fn own_value() {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_${name}")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stdout), "of ${name}");
}
`;
    await workspace.write({
      'services/links/src/main.rs': baked,
      'services/orders/src/main.rs': baked,
      'services/links/tests/api.rs': reads('links'),
      'services/orders/tests/api.rs': reads('orders'),
    });
    const again = await workspace.nx(['run-many', '-t', 'test', '--skip-nx-cache'], env);
    if (again.exitCode !== 0) throw new Error(again.stdout);
    expect(await compiled()).toBe(3);
    expect((await workspace.report('orders', 'test'))?.notes).toEqual([
      'compiled apart from the other crates of the run: another crate has a different BAKED',
    ]);
  });

  it('builds crates apart that have a binary of the same name, and those whose features would mix', async () => {
    const saying = (text: string): string => `fn main() {\n    print!("${text}");\n}\n`;
    await workspace.write({
      'services/links/src/bin/schema.rs': saying('links'),
      'services/orders/src/bin/schema.rs': saying('orders'),
    });
    expect(await workspace.nx(['run-many', '-t', 'build'])).toMatchObject({ exitCode: 0 });
    const output = (project: string): string =>
      execFileSync(inRoot('dist/rust', project, 'schema'), { encoding: 'utf8' });
    expect([output('links'), output('orders')]).toEqual(['links', 'orders']);
    const notes = await Promise.all(
      ['links', 'orders'].map(async (name) => (await workspace.report(name, 'build'))?.notes),
    );
    expect(notes.flat()).toEqual([
      'compiled apart from the other crates of the run: another crate has a binary schema as well',
    ]);
    const asking = (name: string, features: string): string =>
      crateManifest(name, `[dependencies]\nkit = { path = "../kit", features = [${features}] }\n`);
    await workspace.write({
      'services/kit/Cargo.toml': crateManifest('kit', '[features]\nmore = []\n'),
      'services/kit/src/lib.rs': `${LIB}\n#[cfg(feature = "more")]\npub const fn two() -> u8 {\n    2\n}\n`,
      'services/links/Cargo.toml': asking('links', '"more"'),
      // It forgot to ask.
      'services/orders/src/main.rs': 'fn main() {\n    print!("{}", kit::two());\n}\n',
    });
    await workspace.nx(['run-many', '-t', 'check']);
    expect(await workspace.report('orders', 'check')).toMatchObject({ status: 'failed' });
    expect(await workspace.report('links', 'check')).toMatchObject({ status: 'passed' });
  });
});

interface Call {
  args: string;
  from: number;
  to: number;
}

/** By the order of the lines. */
function parseCalls(log: string): Call[] {
  const open = new Map<string, Call>();
  const calls: Call[] = [];
  log
    .trim()
    .split('\n')
    .forEach((line, index) => {
      const [sign, pid = '', ...rest] = line.split(' ');
      if (sign === '-') return void ((open.get(pid) as Call).to = index);
      const call = { args: rest.join(' ').trim(), from: index, to: Infinity };
      open.set(pid, call);
      calls.push(call);
    });
  return calls;
}
