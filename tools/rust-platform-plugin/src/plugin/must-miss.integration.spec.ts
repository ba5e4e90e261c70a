import { CRATES_IO, lockText, type PackageText } from '../testing/lock-text';
import { nxWorkspace, type NxWorkspace } from '../testing/nx-workspace';
import { binary, library } from '../testing/write-files';

jest.setTimeout(600_000);

const WEB = '[dependencies]\naxum = "0.8"\n';
const external = (name: string, dependencies: string[] = [], version = '1.0.0'): PackageText => ({
  name,
  version,
  source: CRATES_IO,
  dependencies,
});
const LOCKED: PackageText[] = [
  { name: 'app', dependencies: ['axum', 'lib', 'solo', 'third'] },
  { name: 'peer', dependencies: ['axum'] },
  { name: 'lib', dependencies: ['serde', 'mock'] },
  { name: 'solo' },
  { name: 'third' },
  external('axum', ['hyper']),
  external('hyper'),
  external('serde'),
  external('mock'),
];
const ROOT = `[workspace]
resolver = "2"
members = ["app", "peer", "lib"]
[workspace.dependencies]
serde = "1"
unused = "1"
[workspace.lints.clippy]
todo = "warn"
[workspace.lints.rust]
unsafe_code = "forbid"
[profile.release]
strip = true
`;
const APP = `${WEB}lib = { path = "../lib" }\nsolo = { path = "../../else/solo" }\nthird = { path = "../../third_party/x" }\n[lints]\nworkspace = true\n[package.metadata.rust-platform]\nneeds = ["peer"]\nport = 8001\n`;
const FILES: Record<string, string> = {
  'services/Cargo.toml': ROOT,
  'services/Cargo.lock': lockText(LOCKED),
  ...binary('services/app', 'app', APP),
  'services/app/api/app.http': '',
  'services/app/migrations/1_init.sql': '',
  'services/app/bench/scenarios.toml': '',
  ...binary('services/peer', 'peer', `${WEB}[package.metadata.rust-platform]\nport = 8002`),
  ...library(
    'services/lib',
    'lib',
    '[dependencies]\nserde.workspace = true\n[dev-dependencies]\nmock = "1"\n',
  ),
  ...library('else/solo', 'solo'),
  'else/solo/Cargo.lock': lockText([{ name: 'solo' }]),
  ...library('third_party/x', 'third', '[workspace]'),
  'nx.json': JSON.stringify({
    analytics: false,
    neverConnectToCloud: true,
    plugins: [{ plugin: 'rust-platform-plugin', options: { exclude: ['third_party/**'] } }],
  }),
  'README.md': '',
};

const TARGETS = ['build', 'clippy', 'rustfmt', 'test', 'test-api'];
const EVERYTHING = ['app', 'lib', 'peer', 'solo'];

const PACKAGE_LOCK = JSON.stringify({
  lockfileVersion: 3,
  packages: { '': {}, 'node_modules/left-pad': { version: '1.0.0-REVISION' } },
});

let workspace: NxWorkspace;

beforeAll(async () => {
  workspace = await nxWorkspace(FILES);
  await run();
});
afterAll(() => workspace.remove());

/** Without dependencies: a key that another task had to set would not be there. */
const run = (env: Record<string, string | undefined> = {}, ...more: string[]) =>
  workspace.results(['run-many', '-t', ...TARGETS, '--parallel=2', ...more], { ...ENV, ...env });
const runAlone = (env: Record<string, string | undefined> = {}) => run(env, '--exclude-task-dependencies');
/** Quick, and the same on every machine: cargo is not asked, the compiler is a stub that the test can change. */
const ENV = { PATH: '/nonexistent', RUSTFLAGS: undefined };

/** `app`: all its cached targets; `app:test`: that one; `app!`: all that compile, and what runs its binary. */
function tasks(...names: string[]): string[] {
  const expanded = names.flatMap((name) => {
    const [project = '', target] = name.replace('!', '').split(':');
    const own = project === 'app' ? TARGETS : TARGETS.filter((one) => one !== 'test-api');
    if (target) return [`${project}:${target}`];
    return own.filter((one) => !name.endsWith('!') || one !== 'rustfmt').map((one) => `${project}:${one}`);
  });
  return [...new Set(expanded)].sort();
}

/** Tests of a crate: its own clippy and tests see them, and rustfmt. */
const testsOf = (name: string) => [`${name}:clippy`, `${name}:test`];

const lockedWith = (...changes: PackageText[]) =>
  lockText(LOCKED.map((one) => changes.find(({ name }) => name === one.name) ?? one));

describe('Nx misses exactly the tasks that can end differently', () => {
  type Row = [what: string, file: string, text: string | undefined, expected: string[]];
  const row = (what: string, file: string, ...expected: string[]): Row => [
    what,
    file,
    undefined,
    tasks(...expected),
  ];
  const withText = (what: string, file: string, text: string, ...expected: string[]): Row => [
    what,
    file,
    text,
    tasks(...expected),
  ];
  const COMPILED = ['app!', 'peer!', 'lib!'];

  it.each([
    row('a source', 'services/app/src/main.rs', 'app'),
    row('a source of a needed service', 'services/peer/src/main.rs', 'peer', 'app:test-api'),
    row('a source of a path dependency', 'services/lib/src/lib.rs', 'lib', 'app!'),
    row('a source in another Cargo workspace', 'else/solo/src/lib.rs', 'solo', 'app!'),
    row('a source of a crate that is no project', 'third_party/x/src/lib.rs', 'app!'),
    row('a source that git ignores', 'services/lib/src/dist/made.rs', 'lib', 'app!'),
    row('a file beside the sources', 'services/lib/templates/a.html', 'lib!', 'app!'),
    row('a test', 'services/lib/tests/it.rs', ...testsOf('lib'), 'lib:rustfmt'),
    row('a fixture', 'services/peer/tests/data/x.json', ...testsOf('peer')),
    row('an API test', 'services/app/api/app.http', 'app:test-api'),
    row('an environment of API tests', 'services/app/api/http-client.env.json', 'app:test-api'),
    row('a migration', 'services/app/migrations/2_more.sql', 'app:test-api'),
    withText(
      'an edge of the lock',
      'services/Cargo.lock',
      lockedWith(external('axum', ['hyper', 'mock'])),
      'app!',
      'peer!',
    ),
    withText(
      'a package of one member',
      'services/Cargo.lock',
      lockedWith(external('serde', [], '1.0.1')),
      'lib!',
      'app!',
    ),
    withText(
      'a package of tests',
      'services/Cargo.lock',
      lockedWith(external('mock', [], '1.0.1')),
      ...testsOf('lib'),
    ),
    withText(
      'another lock',
      'else/solo/Cargo.lock',
      lockText([{ name: 'solo', dependencies: ['x'] }, external('x')]),
      'solo!',
    ),
    withText(
      'a profile',
      'services/Cargo.toml',
      ROOT.replace('strip = true', 'strip = false'),
      'app:build',
      'lib:build',
      'peer:build',
      'app:test-api',
    ),
    withText(
      'inherited lints of clippy',
      'services/Cargo.toml',
      ROOT.replace('"warn"', '"deny"'),
      'app:clippy',
    ),
    withText('inherited lints of rustc', 'services/Cargo.toml', ROOT.replace('"forbid"', '"deny"'), 'app!'),
    withText(
      'an inherited dependency',
      'services/Cargo.toml',
      ROOT.replace('serde = "1"', 'serde = "1.0"'),
      'lib!',
      'app!',
    ),
    withText('a resolver', 'services/Cargo.toml', ROOT.replace('"2"', '"3"'), ...COMPILED),
    withText(
      'how a service is started',
      'services/app/Cargo.toml',
      binary('services/app', 'app', `${APP}args = ["x"]\n`)['services/app/Cargo.toml'] ?? '',
      'app:test-api',
    ),
    withText(
      'settings of cargo',
      'services/.cargo/config.toml',
      '[build]\nrustflags = ["-g"]\n',
      ...COMPILED,
    ),
    row('a toolchain file', 'rust-toolchain.toml', ...EVERYTHING),
    row('settings of clippy of one crate', 'services/lib/.clippy.toml', 'lib:clippy'),
    row('settings of rustfmt', 'services/rustfmt.toml', 'app:rustfmt', 'lib:rustfmt', 'peer:rustfmt'),
    row('settings of nextest', 'services/.config/nextest.toml', 'app:test', 'lib:test', 'peer:test'),
    row('the .env of a needed service', 'services/peer/.env', 'app:test-api'),
  ])('%s', async (_what, file, text, expected) => {
    const before = FILES[file];
    await workspace.write({ [file]: text ?? contentFor(file) });
    expect((await runAlone()).misses).toEqual(expected);
    // What was there before has its results still.
    if (text !== undefined && before !== undefined) await workspace.write({ [file]: before });
  });

  it('none for what no result depends on', async () => {
    await run();
    await workspace.write({
      'README.md': '# x',
      'services/lib/README.md': '# x',
      'services/lib/Dockerfile': 'FROM scratch',
      'services/app/bench/scenarios.toml': '# x',
      'services/Cargo.toml': `# A comment.\n${ROOT.replace('unused = "1"', 'unused = "2"').replace(/\[profile/, '[workspace.metadata.x]\ny = 1\n[profile')}`,
      'services/Cargo.lock': `# x\n${lockedWith(external('left', [], '9.0.0'))}`,
      'services/app/Cargo.toml': `# x\n${FILES['services/app/Cargo.toml']}[package.metadata.x]\ny = 1\n`,
      'services/.cargo/config.toml': '[build]\nrustflags = ["-g"]\n[term]\nverbose = true\n',
      'package-lock.json': PACKAGE_LOCK.replace('REVISION', '2'),
      'templates/x/Cargo.toml': '# x',
    });
    expect((await run()).misses).toEqual([]);
  });

  it('a variable of the compiler', async () => {
    expect((await runAlone({ RUSTFLAGS: '-g' })).misses).toEqual(tasks(...COMPILED, 'solo!'));
    expect((await run()).misses).toEqual([]);
  });

  it('a variable that a needed service reads by a wrapper of its own, and any where names cannot be told', async () => {
    await workspace.write({ 'services/peer/src/main.rs': 'fn main() { setting("PEER_LIMIT", 5); }\n' });
    await run();
    expect((await runAlone({ PEER_LIMIT: '1' })).misses).toEqual(tasks('peer:test', 'app:test-api'));
    await workspace.write({ 'services/peer/src/main.rs': 'fn main() { std::env::vars_os(); }\n' });
    await run();
    expect((await run({ TERM: 'dumb', SHLVL: '7', npm_command: 'exec', INIT_CWD: '/x' })).misses).toEqual([]);
    expect((await runAlone({ UNHEARD_OF: '1' })).misses).toEqual(tasks('peer:test', 'app:test-api'));
  });

  it('an include of a file outside, and then that file', async () => {
    await workspace.write({
      'services/lib/src/lib.rs': 'include_str!("../../../shared/a.txt");\n',
      'shared/a.txt': '1',
    });
    await run();
    await workspace.write({ 'shared/a.txt': '2' });
    expect((await runAlone()).misses).toEqual(tasks('app!', 'lib!'));
  });

  it('a root package: not for the rest of the repository, also with a build script', async () => {
    const root = await nxWorkspace({
      ...library('.', 'root'),
      'build.rs': 'fn main() { println!("cargo:rerun-if-changed=src"); }\n',
      'Cargo.lock': lockText([{ name: 'root' }]),
    });
    try {
      const again = () => root.results(['run-many', '-t', 'build', 'test', 'clippy'], ENV);
      await again();
      await root.write({ 'docs/x.txt': '1', 'other/x.js': '1', 'notes.txt': '1', 'config.yml': 'x: 1' });
      expect((await again()).misses).toEqual([]);
      await root.write({ 'src/more.rs': '' });
      expect((await again()).misses).toEqual(['root:build', 'root:clippy', 'root:test']);
    } finally {
      await root.remove();
    }
  });

  it('a crate without a lock: its tasks, each time; but not its format', async () => {
    const alone = await nxWorkspace({
      ...library('one', 'one'),
      'two/Cargo.lock': lockText([{ name: 'two' }]),
      ...library('two', 'two'),
    });
    try {
      const again = () => alone.results(['run-many', '-t', 'clippy', 'rustfmt'], ENV);
      await again();
      expect(await again()).toEqual({
        hits: ['one:rustfmt', 'two:clippy', 'two:rustfmt'],
        misses: ['one:clippy'],
      });
    } finally {
      await alone.remove();
    }
  });
});

it('RUST_PLATFORM_DISABLE=1 leaves a graph without Rust, and hooks that do nothing', async () => {
  const { stdout, exitCode } = await workspace.nx(['show', 'projects', '--json'], {
    RUST_PLATFORM_DISABLE: '1',
  });
  expect([exitCode, stdout.trim()]).toEqual([0, '[]']);
});

describe('nx affected selects', () => {
  const affected = async (file: string, target: string) =>
    await workspace
      .results(['affected', '-t', target, `--files=${file}`], ENV)
      .catch(() => ({ hits: [], misses: [] }));
  const selected = async (file: string, target: string) => {
    const { hits, misses } = await affected(file, target);
    return [...hits, ...misses].filter((id) => id.endsWith(`:${target}`)).sort();
  };

  it.each([
    ['services/lib/src/lib.rs', 'lint-rust', ['app:lint-rust', 'lib:lint-rust']],
    ['services/lib/tests/it.rs', 'lint-rust', ['lib:lint-rust']],
    ['clippy.toml', 'lint-rust', ['app:lint-rust', 'lib:lint-rust', 'peer:lint-rust', 'solo:lint-rust']],
    ['services/peer/src/main.rs', 'testing', ['app:testing', 'peer:testing']],
    ['services/app/api/app.http', 'testing', ['app:testing']],
    ['services/app/bench/scenarios.toml', 'bench', ['app:bench']],
    ['README.md', 'lint-rust', []],
  ])('for %s -t %s', async (file, target, expected) => {
    expect(await selected(file, target)).toEqual(expected);
  });
});

function contentFor(file: string): string {
  if (file === 'package-lock.json') return PACKAGE_LOCK.replace('REVISION', String(Math.random()));
  if (file.endsWith('.env')) return `COLOUR=${Math.random()}\n`;
  if (file.endsWith('.toml') || file.endsWith('.lock')) return `# ${Math.random()}`;
  return `// ${Math.random()}`;
}
