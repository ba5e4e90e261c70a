import { chmod, readFile, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crateManifest, writeCargoWorkspace, writeFiles } from '../../testing/cargo-workspace';
import { describeWith, findTool } from '../../testing/describe-with';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runExecutor, type ExecutorResult } from '../../testing/run-executor';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';

jest.setTimeout(240_000);

const LIB = `/// Adds.
/// \`\`\`
/// assert_eq!(kit::add(1, 2), 3);
/// \`\`\`
pub fn add(a: u8, b: u8) -> u8 {
    a + b
}

#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        assert_eq!(super::add(1, 1), 2);
    }
    #[test]
    #[ignore = "slow"]
    fn later() {}
}
`;
const FAILING = `#[test]
fn wrong() {
    println!("what it said");
    assert_eq!(kit::add(1, 1), 3, "sum <&>");
}
#[test]
fn right() {}
`;

describe('test', () => {
  let folder: TemporaryFolder;
  let root: string;
  let leaks: LeakCheck;

  beforeEach(async () => {
    folder = await temporaryFolder('test');
    root = folder.path;
    leaks = await startLeakCheck();
  });
  afterEach(async () => {
    await expectNothingLeft(leaks);
    await leaks.end();
    await folder.remove();
  });

  const test = (project: string, env: Record<string, string | undefined> = {}): Promise<ExecutorResult> =>
    runExecutor({ executor: 'test', root, project, projectRoot: `services/${project}`, target: 'test', env });

  const junit = (project: string): Promise<string> =>
    readFile(join(root, `reports/${project}/test.xml`), 'utf8');

  /** A PATH with a cargo that has no nextest: cargo would find it beside itself even without PATH. */
  async function pathWithoutNextest(): Promise<string> {
    const bin = join(root, 'bin');
    const refuse =
      '#!/bin/sh\nif [ "$1" = nextest ]; then echo "error: no such command: nextest" >&2; exit 101; fi\n';
    await writeFiles(root, { 'bin/cargo': `${refuse}PATH="$REAL_PATH" exec cargo "$@"\n` });
    await chmod(join(bin, 'cargo'), 0o755);
    for (const name of ['rustc', 'rustdoc', 'sh', 'git']) {
      const found = findTool(name);
      if (found) await symlink(found, join(bin, name));
    }
    return `${bin}:${dirname(process.execPath)}`;
  }

  const runners: Array<[string, () => Promise<Record<string, string | undefined>>]> = [
    ['nextest', async () => ({})],
    ['cargo test', async () => ({ REAL_PATH: process.env['PATH'], PATH: await pathWithoutNextest() })],
  ];

  const describeWithNextest = describeWith('cargo-nextest', 'https://nexte.st/docs/installation');

  for (const [runner, environment] of runners) {
    const describeRunner = runner === 'nextest' ? describeWithNextest : describe;
    describeRunner(`by ${runner}`, () => {
      it('runs unit, integration and doc tests, and counts them', async () => {
        const crates = { kit: { 'src/lib.rs': LIB, 'tests/api.rs': '#[test]\nfn right() {}\n' } };
        await writeCargoWorkspace(root, { crates });
        const { exitCode, report } = await test('kit', await environment());
        expect(exitCode).toBe(0);
        expect(report).toMatchObject({
          status: 'passed',
          headline: '3 passed (1 doc), 0 failed, 1 ignored',
          notes: [],
          files: ['reports/kit/test.xml'],
          data: { runner, passed: 3, failed: 0, ignored: 1 },
        });
        const xml = await junit('kit');
        expect(xml).toContain('<testsuite name="kit" ');
        expect(xml).toMatch(/<testcase name="tests::adds" classname="kit"/);
        expect(xml).toMatch(/<testcase name="right" classname="kit::api"/);
        expect(xml).toMatch(/<testcase name="kit\/src\/lib.rs - add \(line 2\)" classname="kit::doc"/);
      });

      it('fails with the failing test named, its output shown and kept in the JUnit report', async () => {
        const crates = {
          kit: { 'src/lib.rs': LIB, 'tests/api.rs': FAILING, 'tests/other.rs': '#[test]\nfn ran() {}\n' },
        };
        await writeCargoWorkspace(root, { crates });
        const { exitCode, stdout, report } = await test('kit', await environment());
        expect(exitCode).toBe(1);
        expect(report).toMatchObject({ status: 'failed', exitCode: 1 });
        expect(report?.headline).toBe('4 passed (1 doc), 1 failed, 1 ignored');
        expect(report?.notes[0]).toMatch(/^failed: kit::api wrong: thread 'wrong'.* panicked at/);
        expect(stdout).toContain('what it said');
        const xml = await junit('kit');
        expect(xml).toMatch(/failures="1"/);
        expect(xml).toContain('sum &lt;&amp;&gt;');
        expect(xml).toMatch(/<testcase name="ran" classname="kit::other"/);
      });

      it('shows a compile error once and starts nothing', async () => {
        await writeCargoWorkspace(root, {
          crates: { kit: { 'src/lib.rs': 'pub fn one() -> u8 { "no" }\n' } },
          files: { 'reports/kit/test.xml': 'of an earlier run' },
        });
        const { stdout, report } = await test('kit', await environment());
        expect(report).toMatchObject({ status: 'failed', error: { code: 'compile-failed' } });
        expect(stdout.match(/mismatched types/g)).toHaveLength(1);
        await expect(junit('kit')).rejects.toThrow('ENOENT');
      });

      it('judges a harness of its own by its exit code', async () => {
        const manifest = crateManifest('kit', '[[test]]\nname = "custom"\nharness = false\n');
        const custom = 'fn main() {}\n';
        const crates = { kit: { 'Cargo.toml': manifest, 'src/lib.rs': LIB, 'tests/custom.rs': custom } };
        await writeCargoWorkspace(root, { crates });
        const env = await environment();
        expect((await test('kit', env)).report?.headline).toBe('3 passed (1 doc), 0 failed, 1 ignored');
        expect(await junit('kit')).toMatch(/<testcase name="kit::custom"/);
        await writeFiles(root, {
          'services/kit/tests/custom.rs': 'fn main() { println!("no list"); std::process::exit(3); }\n',
        });
        expect((await test('kit', env)).report?.headline).toBe('2 passed (1 doc), 1 failed, 1 ignored');
      });

      it('counts a test binary that dies as a failure', async () => {
        const test_ = '#[test]\nfn dies() {\n    std::process::abort();\n}\n';
        await writeCargoWorkspace(root, { crates: { kit: { 'src/lib.rs': LIB, 'tests/api.rs': test_ } } });
        const { report } = await test('kit', await environment());
        expect(report?.status).toBe('failed');
        expect(report?.headline).toMatch(/, 1 failed, /);
      });
    });
  }

  it('notes that a crate has no tests', async () => {
    await writeCargoWorkspace(root, { crates: { links: { 'src/main.rs': 'fn main() {}\n' } } });
    const { report } = await test('links');
    expect(report).toMatchObject({
      status: 'passed',
      headline: 'no tests',
      notes: ['no test of this crate ran'],
    });
  });

  describeWithNextest('with a nextest configuration of the user', () => {
    it('keeps it in force, but writes the report where ours belongs', async () => {
      const nextest = '[profile.default]\nretries = 1\n[profile.default.junit]\npath = "theirs.xml"\n';
      const flaky = `#[test]
fn second_time() {
    let marker = concat!(env!("CARGO_MANIFEST_DIR"), "/ran");
    let again = std::path::Path::new(marker).exists();
    std::fs::write(marker, "").unwrap();
    assert!(again);
}
`;
      const files = { 'services/.config/nextest.toml': nextest };
      await writeCargoWorkspace(root, {
        crates: { kit: { 'src/lib.rs': LIB, 'tests/api.rs': flaky } },
        files,
      });
      const { report } = await test('kit');
      expect(report).toMatchObject({
        status: 'passed',
        notes: ['flaky: second_time passed only on a later attempt'],
      });
      const left = await readdir(join(root, 'services/target'), { recursive: true });
      expect(left.filter((name) => name.endsWith('theirs.xml'))).toEqual([]);
    });
  });

  it('runs the right binary when two crates have one of the same name', async () => {
    const files = (text: string) => ({
      'src/bin/schema.rs': `fn main() { print!("${text}"); }\n`,
      'tests/api.rs': `#[test]
fn own_binary() {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_schema")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stdout), "${text}");
}
`,
    });
    await writeCargoWorkspace(root, { crates: { links: files('links'), orders: files('orders') } });
    const results = await Promise.all([test('links'), test('orders')]);
    expect(results.map(({ report }) => report?.headline)).toEqual([
      '1 passed, 0 failed, 0 ignored',
      '1 passed, 0 failed, 0 ignored',
    ]);
  });
});
