import { join } from 'node:path';
import { run } from '../../process/run';
import { crateManifest, writeCargoWorkspace } from '../../testing/cargo-workspace';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { collectMessages } from './diagnostics';
import { observeCompilation, type ObservedCompilation } from './dep-info-observed';

jest.setTimeout(120_000);

describe('observeCompilation', () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder('observed');
    await writeCargoWorkspace(folder.path, {
      files: { 'shared/a b.txt': 'x' },
      crates: {
        'my-app': {
          'Cargo.toml': crateManifest(
            'my-app',
            '[dependencies]\nbase = { path = "../base" }\nmac = { path = "../mac" }\n',
          ),
          'src/main.rs': 'fn main() { println!("{}{:?}", base::A, option_env!("FLAVOUR")); }',
          'tests/t.rs': '#[test] fn t() { include_str!("t.txt"); }',
          'tests/t.txt': '',
          'examples/show.rs': 'fn main() { include_str!("show.txt"); }',
          'examples/show.txt': '',
          'build.rs':
            'fn main() { println!("cargo::rerun-if-changed=../../shared/a b.txt"); println!("cargo:rerun-if-env-changed=MODE"); println!("cargo:rustc-env=MADE=1"); }',
        },
        base: {
          'Cargo.toml': crateManifest('base', '[lib]\ncrate-type = ["lib", "cdylib"]\n'),
          'src/lib.rs': 'pub const A: &str = include_str!("../../../shared/a b.txt");',
        },
        bare: { 'src/main.rs': 'fn main() {}' },
        mac: {
          'Cargo.toml': crateManifest('mac', '[lib]\nproc-macro = true\n'),
          'src/lib.rs': 'const _: &str = env!("CARGO_MANIFEST_DIR");',
        },
      },
    });
  });
  afterAll(() => folder.remove());

  async function observe(args: string[]): Promise<ObservedCompilation> {
    const cwd = join(folder.path, 'services');
    const output = collectMessages();
    const result = await run('cargo', [...args, '--offline', '--message-format=json'], {
      cwd,
      onLine: (line) => output.readLine(line),
    });
    if (result.exitCode !== 0) throw new Error(result.stderr);
    return observeCompilation(output, cwd);
  }

  function shown({ units }: ObservedCompilation): Record<string, string[]> {
    const entries = units.map(({ artifact, depInfo }): [string, string[]] => [
      `${artifact.kind[0]} ${artifact.name}${artifact.isTest ? ' test' : ''}`,
      [...depInfo.files.map((file) => file.slice(folder.path.length + 1)), ...depInfo.environment],
    ]);
    return Object.fromEntries(entries.sort());
  }

  const BASE = ['services/base/src/lib.rs', 'shared/a b.txt'];
  const MAC = ['services/mac/src/lib.rs', 'CARGO_MANIFEST_DIR'];

  it.each([
    ['the usual layout', []],
    ['a build directory of its own', ['--config', 'build.build-dir="elsewhere"']],
  ])('finds files and variables of every unit of a release build: %s', async (_what, more) => {
    const found = await observe(['build', '--release', '-p=my-app', '--bins', ...more]);
    expect(shown(found)).toEqual({
      'bin my-app': ['services/my-app/src/main.rs', 'FLAVOUR'],
      'custom-build build-script-build': ['services/my-app/build.rs'],
      'lib base': BASE,
      'proc-macro mac': MAC,
    });
    expect(found.scripts.map(({ output }) => output)).toEqual([
      { files: [join(folder.path, 'shared/a b.txt')], environment: ['MODE'], sets: ['MADE', 'MADE'] },
    ]);
    expect(found.problems).toEqual([]);
  });

  it('does not take a file of that name that another build has left', async () => {
    const config = ['--config', 'build.target-dir="other"', '--config', 'build.build-dir="other-build"'];
    const found = await observe(['build', '-p=bare', ...config]);
    expect(found.problems).toEqual([
      { folder: join(folder.path, 'services/bare'), what: 'rustc left no dep-info of bare (bin)' },
    ]);
  });

  it('finds those of clippy, of tests and examples, fresh ones too', async () => {
    for (let round = 1; round <= 2; round++) {
      const clippy = await observe(['clippy', '--all-targets', '--no-deps', '-p=my-app']);
      expect(clippy.problems).toEqual([]);
      expect(clippy.units.filter(({ isClippy }) => isClippy).length).toBeGreaterThan(2);
      expect(shown(clippy)).toMatchObject({
        'bin my-app': [
          'services/my-app/src/main.rs',
          'services/Cargo.toml',
          'CLIPPY_ARGS',
          'CLIPPY_CONF_DIR',
          'FLAVOUR',
        ],
        'lib base': [...BASE, 'CLIPPY_ARGS'],
      });
      const tests = await observe(['test', '--no-run', '-p=my-app']);
      expect(tests.problems).toEqual([]);
      expect(shown(tests)).toMatchObject({
        'bin my-app test': ['services/my-app/src/main.rs', 'FLAVOUR'],
        'test t test': ['services/my-app/tests/t.rs', 'services/my-app/tests/t.txt'],
        'example show': ['services/my-app/examples/show.rs', 'services/my-app/examples/show.txt'],
      });
    }
  });
});
