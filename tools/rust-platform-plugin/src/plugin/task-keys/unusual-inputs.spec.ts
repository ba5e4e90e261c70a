import { DEFAULT_OPTIONS } from '../../service-model/platform-options';
import { loadServiceModel } from '../../service-model/load-service-model';
import { join } from 'node:path';
import { CRATES_IO, lockText } from '../../testing/lock-text';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { binary, library, writeFiles } from '../../testing/write-files';
import { computeTaskKeys, type TaskKeys } from './compute-task-keys';

jest.setTimeout(60_000);

const LOCKED = [
  { name: 'app', dependencies: ['lib'] },
  { name: 'lib', dependencies: ['far', 'serde'] },
  { name: 'far' },
  { name: 'serde', version: '1.0.0', source: CRATES_IO },
];

const FILES: Record<string, string> = {
  'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["app", "lib"]\nexclude = ["far"]\n',
  'Cargo.lock': lockText(LOCKED),
  ...binary('app', 'app', '[dependencies]\nlib = { path = "../lib" }\n'),
  ...library('lib', 'lib', '[dependencies]\nfar = { path = "../far" }\nserde = "1"\n'),
  ...library('far', 'far'),
};

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('unusual');
  await writeFiles(folder.path, FILES);
});
afterEach(() => folder.remove());

async function keys(changes: NodeJS.ProcessEnv = {}): Promise<TaskKeys> {
  const home = join(folder.path, 'home');
  const env = { PATH: process.env['PATH'], HOME: home, CARGO_HOME: join(home, 'cargo'), ...changes };
  const options = { ...DEFAULT_OPTIONS, exclude: ['far'] };
  const workspaceRoot = join(folder.path);
  const model = await loadServiceModel({ workspaceRoot, options, env: { ...env, PATH: '' } });
  return computeTaskKeys({ workspaceRoot, model, env, options });
}

/** `app:build test`. */
function changed(before: TaskKeys, after: TaskKeys): string[] {
  const found = new Map<string, string[]>();
  for (const [name, value] of Object.entries(after.variables)) {
    const [, family = '', project = ''] = /^RUST_PLATFORM_KEY_([A-Z]+)_(.+)$/.exec(name) ?? [];
    if (before.variables[name] === value) continue;
    found.set(project, [...(found.get(project) ?? []), family]);
  }
  return [...found].map(([project, all]) => `${project}:${all.sort().join(' ')}`.toLowerCase()).sort();
}

const COMPILED = ['app:build clippy test', 'lib:build clippy test'];
const OF_TESTS = ['lib:clippy test'];
const source = (text: string) => ({ 'lib/src/lib.rs': text });
const test = (text: string) => ({ 'lib/tests/it.rs': `#[test] fn f() { ${text} }\n` });

it.each<[string, Record<string, string>, Record<string, string>, string[]]>([
  ['a test reads api/', test('std::fs::read("api/data.json");'), { 'lib/api/data.json': '1' }, OF_TESTS],
  [
    'a test reads a hidden folder',
    test('std::fs::read("./.data/x.json");'),
    { 'lib/.data/x.json': '1' },
    OF_TESTS,
  ],
  [
    'a test reads README.md',
    test('let t = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");'),
    { 'lib/README.md': '1' },
    OF_TESTS,
  ],
  [
    'a test reads its manifest',
    test('read(root.join("Cargo.toml"));'),
    { 'lib/Cargo.toml': `${FILES['lib/Cargo.toml']}# x` },
    OF_TESTS,
  ],
  [
    'a test reads a folder by name',
    test('for x in std::fs::read_dir("bench") {}'),
    { 'lib/bench/x.json': '1' },
    OF_TESTS,
  ],
  [
    'a test reads files of a folder',
    test('read(format!("migrations/{name}.sql"));'),
    { 'lib/migrations/x.sql': '1' },
    OF_TESTS,
  ],
  [
    'a test reads what git ignores',
    { ...test('std::fs::read("data/x.log");'), '.gitignore': '*.log' },
    { 'lib/data/x.log': '1' },
    OF_TESTS,
  ],
  [
    'sqlx prepares databases for tests',
    source('#[sqlx::test] async fn f(p: PgPool) {}'),
    { 'lib/migrations/1.sql': '1' },
    OF_TESTS,
  ],
  [
    'the tests in a source read README.md',
    source('#[cfg(test)] mod tests { fn f() { std::fs::read("README.md"); } }'),
    { 'lib/README.md': '1' },
    OF_TESTS,
  ],
  [
    'nothing: a route is called like the folder of API tests',
    {
      'app/Cargo.toml': `${FILES['app/Cargo.toml']}[package.metadata.rust-platform]\nport = 8001\n`,
      'app/src/main.rs': 'fn main() { nest("/api", x); nest("/bench/", y); url.join("api/"); }',
    },
    { 'app/bench/scenarios.toml': '1' },
    [],
  ],
  [
    'nothing: a name that only a comment holds',
    source('// reads README.md\n/* std::fs::read("api/x") */'),
    { 'lib/README.md': '1', 'lib/api/x': '1' },
    [],
  ],
  [
    'nothing: keywords, where no lint reads them',
    {},
    { 'lib/Cargo.toml': (FILES['lib/Cargo.toml'] ?? '').replace('[package]', '[package]\nkeywords = ["x"]') },
    [],
  ],
  [
    'clippy reads the keywords of another member',
    source('#![warn(clippy::cargo)]'),
    { 'app/Cargo.toml': (FILES['app/Cargo.toml'] ?? '').replace('[package]', '[package]\nkeywords = ["x"]') },
    ['lib:clippy'],
  ],
  [
    'lints of clippy for manifests',
    { 'app/Cargo.toml': `${FILES['app/Cargo.toml']}[lints.clippy]\ncargo = "warn"\n` },
    {
      'lib/Cargo.toml': (FILES['lib/Cargo.toml'] ?? '').replace('[package]', '[package]\ncategories = ["x"]'),
    },
    ['app:clippy'],
  ],
  [
    'a test reads a folder above the crate',
    test('let d = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("samples");'),
    { 'samples/x.json': '1' },
    OF_TESTS,
  ],
  [
    'a macro reads api/',
    source('progenitor::generate_api!("api/openapi.json");'),
    { 'lib/api/openapi.json': '1' },
    COMPILED,
  ],
  [
    'an attribute reads api/',
    source('#[graphql(schema_path = "api/schema.graphql")] struct Q;'),
    { 'lib/api/schema.graphql': '1' },
    COMPILED,
  ],
  [
    'a package that is no project includes a file',
    { 'far/src/lib.rs': 'const X: &str = include_str!("../../shared/x.txt");' },
    { 'shared/x.txt': '1' },
    COMPILED,
  ],
  [
    'a package that is no project includes its README',
    { 'far/src/lib.rs': '#![doc = include_str!("../README.md")]' },
    { 'far/README.md': '1' },
    COMPILED,
  ],
  [
    'a root manifest is read by a build script',
    {
      'lib/build.rs':
        'fn main() { println!("cargo:rerun-if-changed=build.rs"); system_deps::Config::new().probe(); }',
      'lib/Cargo.toml': `${FILES['lib/Cargo.toml']}[package.metadata.system-deps]\nx = "1"\n`,
    },
    { 'lib/Cargo.toml': `${FILES['lib/Cargo.toml']}[package.metadata.system-deps]\nx = "2"\n` },
    COMPILED,
  ],
  [
    'a patch in the configuration',
    {
      '.cargo/config.toml': '[patch.crates-io]\nserde = { path = "patched" }\n',
      ...library('patched', 'serde', '[workspace]\n'),
      '.nxignore': 'patched',
    },
    { 'patched/src/lib.rs': '// x' },
    COMPILED,
  ],
  [
    'a wrapper in the repository',
    { '.cargo/config.toml': '[build]\nrustc-wrapper = "tools/wrap.sh"\n', 'tools/wrap.sh': 'a' },
    { 'tools/wrap.sh': 'b' },
    COMPILED,
  ],
  ['an alias that hides clippy', {}, { '.cargo/config.toml': '[alias]\nclippy = "check"\n' }, COMPILED],
  ['rustfmt.toml at home', {}, { 'home/.rustfmt.toml': 'max_width = 80' }, ['app:rustfmt', 'lib:rustfmt']],
  [
    'clippy reads keywords',
    source('#![warn(clippy::cargo)]'),
    { 'lib/Cargo.toml': (FILES['lib/Cargo.toml'] ?? '').replace('[package]', '[package]\nkeywords = ["x"]') },
    ['lib:clippy'],
  ],
  [
    'an example in a comment includes a file',
    source('//! ```\n//! include_str!("../../shared/x.txt");\n//! ```\n'),
    { 'shared/x.txt': '1' },
    OF_TESTS,
  ],
  [
    'a module in an inline module',
    source('mod a { #[path = "../../../shared/x.rs"] mod x; }'),
    { 'shared/x.rs': '1' },
    ['app:build clippy test', 'lib:build clippy rustfmt test'],
  ],
])('%s', async (_what, given, change, expected) => {
  await writeFiles(folder.path, {
    'shared/x.txt': '0',
    'shared/x.rs': '',
    ...Object.fromEntries(
      Object.keys(change).map((f) => [
        f,
        FILES[f] ?? (f.startsWith('.cargo') || f.startsWith('home') ? '' : '0'),
      ]),
    ),
    ...given,
  });
  const before = await keys();
  await writeFiles(folder.path, change);
  expect(changed(before, await keys())).toEqual(expected);
});

it.each<[string, Record<string, string>, NodeJS.ProcessEnv, string[]]>([
  [
    'option_env of a name that cargo gives to build scripts only',
    source('const D: Option<&str> = option_env!("DEBUG");'),
    { DEBUG: '1' },
    COMPILED,
  ],
  [
    'a macro around option_env',
    source('macro_rules! e { ($n:expr) => { option_env!($n) } }\nconst V: &str = e!("APP_VERSION");'),
    { APP_VERSION: '1' },
    COMPILED,
  ],
  [
    'a package that is no project',
    { 'far/src/lib.rs': 'const X: &str = env!("FAR");' },
    { FAR: '1' },
    COMPILED,
  ],
  [
    'an example in a comment',
    source('/// ```\n/// env!("IN_DOC");\n/// ```\npub fn f() {}\n'),
    { IN_DOC: '1' },
    OF_TESTS,
  ],
  ['snapshot tests that are told to pass', {}, { INSTA_FORCE_PASS: '1' }, ['app:test', 'lib:test']],
])('variable: %s', async (_what, given, env, expected) => {
  await writeFiles(folder.path, given);
  expect(changed(await keys(), await keys(env))).toEqual(expected);
});

it('root package', async () => {
  await folder.remove();
  folder = await temporaryFolder('unusual');
  await writeFiles(folder.path, {
    'Cargo.toml':
      '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n[[bin]]\nname = "one"\npath = "cmd/main.rs"\n',
    'Cargo.lock': lockText([{ name: 'one' }]),
    'lib.rs': 'mod part;',
    'part.rs': '',
    'cmd/main.rs': 'mod util;\nfn main() {}',
    'cmd/util.rs': '',
    'tests/it.rs': '#[test] fn f() { std::fs::read_dir(Path::new("data")); }',
    'data/x.txt': '',
  });
  const one = await keys();
  await writeFiles(folder.path, { 'part.rs': '// x' });
  const two = await keys();
  await writeFiles(folder.path, { 'cmd/util.rs': '// x' });
  const three = await keys();
  await writeFiles(folder.path, { 'data/x.txt': '// x' });
  const four = await keys();
  expect([changed(one, two), changed(two, three), changed(three, four)]).toEqual([
    ['one:build clippy rustfmt test'],
    ['one:build clippy rustfmt test'],
    ['one:clippy test'],
  ]);
});

it('tell of variables that a build script reads and does not declare', async () => {
  await writeFiles(folder.path, { 'lib/build.rs': 'fn main() { std::env::var("FLAVOUR"); }' });
  const before = await keys();
  expect(before.notes).toEqual([
    { project: 'lib', notes: ['lib/build.rs reads FLAVOUR without declaring it'] },
  ]);
  expect(changed(before, await keys({ FLAVOUR: '1' }))).toEqual(COMPILED);
});

it('leave open what a package that is no project reads, in all that it is compiled into', async () => {
  await writeFiles(folder.path, { 'far/src/lib.rs': 'fn f(p: u8) { include_str!(p) }' });
  expect((await keys()).uncached.map(({ project }) => project)).toEqual(['app', 'lib']);
});
