import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crateManifest } from '../testing/cargo-workspace';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../testing/leak-check';
import { liveNxWorkspace, type LiveNxWorkspace } from '../testing/live-nx-workspace';

jest.setTimeout(600_000);

const FORMATTED = '#[must_use]\npub const fn one() -> u8 {\n    1\n}\n';
const dependingOn = (name: string, ...others: string[]): string =>
  crateManifest(
    name,
    `[dependencies]\n${others.map((other) => `${other} = { path = "../${other}" }\n`).join('')}`,
  );

const KIT = `/// Adds.
/// \`\`\`
/// assert_eq!(kit::add(1, 2), 3);
/// \`\`\`
#[must_use]
pub const fn add(a: u8, b: u8) -> u8 {
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
const APP_TEST = `#[test]
fn says_hello() {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_app"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stdout), "3");
}
`;

/** Something of everything that can come to a crate. */
const CRATES = {
  kit: { 'src/lib.rs': KIT },
  app: {
    'Cargo.toml': dependingOn('app', 'kit'),
    'src/main.rs': 'fn main() {\n    print!("{}", kit::add(1, 2));\n}\n',
    'tests/api.rs': APP_TEST,
  },
  warns: {
    'src/lib.rs': 'fn unused() {}\npub fn   one() -> u8 {\n    return 1;\n}\n',
    'tests/api.rs': '#[test]\nfn wrong() {\n    assert_eq!(warns::one(), 2, "one is <not> two");\n}\n',
  },
  bad: { 'src/lib.rs': 'pub fn one() -> u8 {\n    "no"\n}\n\npub fn two() -> u8 {\n    "no"\n}\n' },
  below: { 'Cargo.toml': dependingOn('below', 'bad', 'kit'), 'src/lib.rs': FORMATTED },
  'far-below': { 'Cargo.toml': dependingOn('far-below', 'below'), 'src/main.rs': 'fn main() {}\n' },
  'bad-test': { 'src/lib.rs': FORMATTED, 'tests/api.rs': '#[test]\nfn no() {\n    let _: u8 = "no";\n}\n' },
  beside: { 'Cargo.toml': dependingOn('beside', 'bad-test'), 'src/lib.rs': FORMATTED },
  script: {
    'src/lib.rs': FORMATTED,
    'build.rs': 'fn main() {\n    println!("cargo::warning=look");\n    panic!("no way");\n}\n',
  },
  'after-script': { 'Cargo.toml': dependingOn('after-script', 'script'), 'src/lib.rs': FORMATTED },
  unreadable: { 'src/lib.rs': 'fn {\n' },
};
const NOT_REACHED = ['below', 'far-below', 'after-script'];

interface Run {
  /** By project. */
  reports: Record<string, unknown>;
  junit: Record<string, string>;
  /** What Nx keeps of the terminal, by the hash of the task. */
  output: Record<string, string>;
  kept: string[];
}

describe('a batch', () => {
  let workspace: LiveNxWorkspace;
  let leaks: LeakCheck;

  beforeAll(async () => {
    leaks = await startLeakCheck();
    workspace = await liveNxWorkspace({ crates: CRATES });
  });
  afterAll(async () => {
    await expectNothingLeft(leaks);
    await leaks.end();
    await workspace.remove();
  });

  const inRoot = (...names: string[]): string => join(workspace.root, ...names);

  async function run(target: string, mode: string[]): Promise<Run> {
    for (const name of ['reports', 'services/target', 'dist', 'cache']) {
      await rm(inRoot(name), { recursive: true, force: true });
    }
    const { exitCode, stdout } = await workspace.nx(['run-many', '-t', target, '--parallel=1', ...mode]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 1 });
    const reports = await Promise.all(
      Object.keys(CRATES).map(async (name) => [name, plainReport(await workspace.report(name, target))]),
    );
    const xml = Object.keys(CRATES).filter((name) => existsSync(inRoot('reports', name, `${target}.xml`)));
    const junit = xml.map(async (name) => [
      name,
      plainText(await readFile(inRoot('reports', name, `${target}.xml`), 'utf8')),
    ]);
    const outputs = await readdir(inRoot('cache', 'terminalOutputs'));
    const texts = outputs.map(async (hash) => [
      hash,
      plainText(await readFile(inRoot('cache', 'terminalOutputs', hash), 'utf8')),
    ]);
    return {
      reports: Object.fromEntries(reports),
      junit: Object.fromEntries(await Promise.all(junit)),
      output: Object.fromEntries(await Promise.all(texts)),
      kept: (await readdir(inRoot('cache'))).filter((name) => /^\d+$/.test(name)).sort(),
    };
  }

  it.each([
    ['check', 4],
    ['clippy', 3],
    ['build', 5],
    ['rustfmt', 9],
    ['test', 3],
  ])('of %s comes to what the tasks one by one come to, %i of them passed', async (target, passed) => {
    const batch = await run(target, ['--batch']);
    const single = await run(target, ['--no-batch']);
    expect(batch.reports).toEqual(single.reports);
    expect(batch.junit).toEqual(single.junit);
    expect(batch.kept).toEqual(single.kept);
    expect(batch.kept).toHaveLength(passed);
    const unreached = target === 'rustfmt' ? 0 : NOT_REACHED.length;
    expect(Object.keys(batch.output)).toHaveLength(Object.keys(CRATES).length - unreached);
    expect(single.output).toMatchObject(batch.output);
    expect(JSON.stringify([batch.output, batch.reports])).not.toContain(workspace.root);
  });
});

/** Without what differs from run to run. */
function plainReport(report: object | undefined): unknown {
  return JSON.parse(plainText(JSON.stringify({ ...report, runId: '', startedAt: '', durationMs: 0 })));
}

function plainText(text: string): string {
  const lines = text
    .replaceAll(/ time="[\d.]+"/g, '')
    .replaceAll(/\[ *[\d.]+s\]/g, '[time]')
    .replaceAll(/Nextest run ID .*/g, '')
    .replaceAll(/\(\d\/\d\)/g, '')
    .replaceAll(/finished in [\d.]+s/g, '')
    .replaceAll(/(thread ('|&apos;).*?\2) \(\d+\)/g, '$1')
    .split('\n');
  const isOfTest = (line: string): boolean => /^ *(PASS|FAIL|SIGABRT) /.test(line);
  return [...lines.filter((line) => !isOfTest(line)), ...lines.filter(isOfTest).sort()].join('\n');
}
