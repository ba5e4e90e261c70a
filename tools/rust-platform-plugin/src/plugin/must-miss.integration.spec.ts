import { binary, library } from '../testing/write-files';
import { nxWorkspace, type NxWorkspace } from '../testing/nx-workspace';

jest.setTimeout(300_000);

const WEB = '[dependencies]\naxum = "0.8"\n';
const FILES: Record<string, string> = {
  'services/Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["app", "peer", "lib"]\n',
  'services/Cargo.lock': 'version = 4\n',
  ...binary(
    'services/app',
    'app',
    `${WEB}lib = { path = "../lib" }\nsolo = { path = "../../else/solo" }\nthird = { path = "../../third_party/x" }\n[package.metadata.rust-platform]\nneeds = ["peer"]\nport = 8001`,
  ),
  'services/app/api/app.http': '',
  'services/app/migrations/1_init.sql': '',
  'services/app/bench/scenarios.toml': '',
  ...binary('services/peer', 'peer', `${WEB}[package.metadata.rust-platform]\nport = 8002`),
  ...library('services/lib', 'lib'),
  ...library('else/solo', 'solo'),
  'else/solo/Cargo.lock': 'version = 4\n',
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

const run = (env: Record<string, string | undefined> = {}) =>
  workspace.results(['run-many', '-t', ...TARGETS, '--parallel=2'], { ...ENV, ...env });
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

describe('Nx misses exactly the tasks that can end differently', () => {
  const row = (what: string, file: string, ...expected: string[]): [string, string, string[]] => [
    what,
    file,
    tasks(...expected),
  ];
  it.each([
    row('a source', 'services/app/src/main.rs', 'app'),
    row('a source of a needed service', 'services/peer/src/main.rs', 'peer', 'app:test-api'),
    row('a source of a path dependency', 'services/lib/src/lib.rs', 'lib', 'app!'),
    row('a source in another Cargo workspace', 'else/solo/src/lib.rs', 'solo', 'app!'),
    row('a source of a crate that is no project', 'third_party/x/src/lib.rs', 'app'),
    row('a source that git ignores', 'services/lib/src/dist/made.rs', 'lib', 'app!'),
    row('a fixture', 'services/peer/tests/data/x.json', 'peer', 'app:test-api'),
    row('an API test', 'services/app/api/app.http', 'app:test-api'),
    row('an environment of API tests', 'services/app/api/http-client.env.json', 'app'),
    row('a migration', 'services/app/migrations/2_more.sql', 'app'),
    row('a lock', 'services/Cargo.lock', 'app', 'lib', 'peer'),
    row('another lock', 'else/solo/Cargo.lock', 'solo', 'app!'),
    row('settings of cargo', 'services/.cargo/config.toml', 'app', 'lib', 'peer'),
    row('a toolchain file', 'rust-toolchain.toml', ...EVERYTHING),
    row('settings of clippy', 'clippy.toml', ...EVERYTHING.map((name) => `${name}:clippy`)),
    row('settings of clippy of one crate', 'services/lib/.clippy.toml', 'lib', 'app!'),
    row('settings of rustfmt', 'services/rustfmt.toml', 'app:rustfmt', 'lib:rustfmt', 'peer:rustfmt'),
    row('settings of nextest', 'services/.config/nextest.toml', 'app:test', 'lib:test', 'peer:test'),
    row('offline data of sqlx', 'services/.sqlx/query-1.json', 'app!', 'lib!', 'peer!'),
    row('the .env of a needed service', 'services/peer/.env', 'peer:test', 'app:test-api'),
    row('nothing: scenarios of a bench', 'services/app/bench/scenarios.toml'),
    row('nothing: documentation', 'README.md'),
    row('nothing: a package of npm', 'package-lock.json'),
    row('nothing: a Cargo.toml that is no crate', 'templates/x/Cargo.toml'),
  ])('%s', async (_what, file, expected) => {
    await workspace.write({ [file]: contentFor(file) });
    expect((await run()).misses).toEqual(expected);
  });

  it('a variable of the compiler', async () => {
    expect((await run({ RUSTFLAGS: '-g' })).misses).toEqual(tasks(...EVERYTHING));
    expect((await run()).misses).toEqual([]);
  });

  it('a variable that a needed service reads by a wrapper of its own', async () => {
    await workspace.write({ 'services/peer/src/main.rs': 'fn main() { setting("PEER_LIMIT", 5); }\n' });
    await run();
    expect((await run({ PEER_LIMIT: '1' })).misses).toEqual(tasks('peer:test', 'app:test-api'));
    expect((await run()).misses).toEqual([]);
  });

  it('any variable where the names cannot be told, but not for another terminal', async () => {
    await workspace.write({ 'services/peer/src/main.rs': 'fn main() { std::env::vars_os(); }\n' });
    await run();
    expect((await run({ TERM: 'dumb', SHLVL: '7', npm_command: 'exec', INIT_CWD: '/x' })).misses).toEqual([]);
    expect((await run({ UNHEARD_OF: '1' })).misses).toEqual(tasks('peer:test', 'app:test-api'));
  });

  it('an include of a file outside, and then that file', async () => {
    await workspace.write({
      'services/lib/src/lib.rs': 'include_str!("../../../shared/a.txt");\n',
      'shared/a.txt': '1',
    });
    await run();
    await workspace.write({ 'shared/a.txt': '2' });
    expect((await run()).misses).toEqual(tasks('app!', 'lib'));
  });

  it('a crate without a lock: its tasks, each time', async () => {
    const alone = await nxWorkspace({
      ...library('one', 'one'),
      'two/Cargo.lock': '',
      ...library('two', 'two'),
    });
    try {
      const again = () => alone.results(['run-many', '-t', 'clippy'], ENV);
      await again();
      expect(await again()).toEqual({ hits: ['two:clippy'], misses: ['one:clippy'] });
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
    ['services/Cargo.lock', 'lint-rust', ['app:lint-rust', 'lib:lint-rust', 'peer:lint-rust']],
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
