import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScanCache } from '../../cargo/scan/scan-cache';
import { loadServiceModel } from '../../service-model/load-service-model';
import { DEFAULT_OPTIONS } from '../../service-model/platform-options';
import { CRATES_IO, lockText, type PackageText } from '../../testing/lock-text';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { binary, library, writeFiles } from '../../testing/write-files';
import { computeTaskKeys, type TaskKeys } from './compute-task-keys';

jest.setTimeout(60_000);

const external = (name: string, dependencies: string[] = [], version = '1.0.0'): PackageText => ({
  name,
  version,
  source: CRATES_IO,
  dependencies,
});

const LOCKED: PackageText[] = [
  { name: 'app', dependencies: ['lib', 'axum', 'sqlx'] },
  { name: 'lib', dependencies: ['far', 'mock', 'serde'] },
  { name: 'far' },
  { name: 'db', dependencies: ['sqlx'] },
  { name: 'apart' },
  external('axum', ['serde']),
  external('serde'),
  external('sqlx'),
  external('mock'),
  external('unused'),
];

const ROOT = `[workspace]
resolver = "2"
members = ["app", "lib", "db", "apart"]
[workspace.dependencies]
serde = "1"
unused = "1"
[workspace.lints.rust]
unsafe_code = "forbid"
[workspace.lints.clippy]
todo = "warn"
[profile.release]
strip = true
[profile.dev]
debug = 1
`;

const FILES: Record<string, string> = {
  'ws/Cargo.toml': ROOT,
  'ws/Cargo.lock': lockText(LOCKED),
  ...binary(
    'ws/app',
    'app',
    'description = "An app"\n[dependencies]\nlib = { path = "../lib" }\n[lints]\nworkspace = true\n',
  ),
  'ws/app/src/main.rs':
    'fn main() { include_str!("../../../shared/text.txt"); std::env::var("GREETING"); }\n',
  'ws/app/tests/it.rs': '#[test] fn f() { include_str!("data.txt"); }\n',
  'ws/app/tests/data.txt': '',
  'ws/app/templates/page.html': '',
  'ws/app/README.md': '',
  ...library(
    'ws/lib',
    'lib',
    '[dependencies]\nfar = { path = "../../far" }\nserde.workspace = true\n[dev-dependencies]\nmock = "1"\n',
  ),
  'ws/lib/src/lib.rs': 'const FLAVOUR: &str = env!("FLAVOUR");\nfn f() { setting("HTTP_TIMEOUT"); }\n',
  'ws/lib/build.rs': 'fn main() { println!("cargo:rerun-if-env-changed=LIB_MODE"); }\n',
  ...library('ws/db', 'db', '[dependencies]\nsqlx = "1"\n'),
  'ws/db/src/lib.rs': 'fn q() { sqlx::query!("select 1"); }\n',
  'ws/db/.sqlx/query-1.json': '{}',
  ...library('ws/apart', 'apart'),
  ...library('far', 'far', '[workspace]\n'),
  'shared/text.txt': 'one',
};

/** `app` as a service. */
const SERVICE: Record<string, string> = {
  ...binary(
    'ws/app',
    'app',
    '[dependencies]\nlib = { path = "../lib" }\naxum = "1"\n[package.metadata.rust-platform]\nport = 8001\n',
  ),
  'ws/app/api/a.http': 'GET {{host}}/x\n',
};

let folder: TemporaryFolder;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await temporaryFolder('keys');
  const home = join(folder.path, 'home');
  env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    CARGO_HOME: join(home, 'cargo'),
    XDG_CONFIG_HOME: home,
  };
  await writeFiles(folder.path, FILES);
});
afterEach(() => folder.remove());

async function keys(changes: NodeJS.ProcessEnv = {}, composeFile = 'compose.yml'): Promise<TaskKeys> {
  const used = { ...env, ...changes };
  // Members by the manifests: what cargo says is another test's business.
  const options = { ...DEFAULT_OPTIONS, exclude: ['far'], composeFile };
  const model = await loadServiceModel({ workspaceRoot: folder.path, options, env: { ...used, PATH: '' } });
  return computeTaskKeys({ workspaceRoot: folder.path, model, env: used, options });
}

/** `app:test`, sorted. */
function changed(before: TaskKeys, after: TaskKeys): string[] {
  return Object.keys(after.variables)
    .filter((name) => before.variables[name] !== after.variables[name])
    .map((name) => /^RUST_PLATFORM_KEY_([A-Z]+)_(.+)$/.exec(name.toUpperCase()) ?? [])
    .map(([, family = '', project = '']) => `${project}:${family}`.toLowerCase())
    .sort();
}

/** `app`: all that is compiled; `app!`: rustfmt too; `app:test`: that one. */
function of(...names: string[]): string[] {
  const compiled = ['build', 'clippy', 'test'];
  return names
    .flatMap((name) => {
      if (name.includes(':')) return [name];
      const families = name.endsWith('!') ? [...compiled, 'rustfmt'] : compiled;
      return families.map((family) => `${name.replace('!', '')}:${family}`);
    })
    .sort();
}

const write = (path: string, text: string) => () => writeFiles(folder.path, { [path]: text });
const replace = (path: string, from: string | RegExp, to: string) =>
  write(path, (FILES[path] ?? '').replace(from, to));
const lock = (...changes: PackageText[]) =>
  write('ws/Cargo.lock', lockText(LOCKED.map((one) => changes.find(({ name }) => name === one.name) ?? one)));
const ALL = ['apart', 'app', 'db', 'lib'];

describe('keys', () => {
  it('stay the same while nothing changes, also in the next process', async () => {
    const first = await keys();
    expect((await keys()).variables).toEqual(first.variables);
    expect(first.uncached).toEqual([]);
    expect(Object.keys(first.variables)).toHaveLength(16);
  });

  it.each<[string, () => Promise<unknown>, string[]]>([
    ['a source', write('ws/lib/src/lib.rs', '// changed'), of('lib!', 'app')],
    ['a source that git ignores', write('ws/lib/src/generated.rs', 'x'), of('lib!', 'app')],
    ['a file that a source includes', write('shared/text.txt', 'two'), of('app')],
    ['a file in the crate', write('ws/app/templates/page.html', 'x'), of('app')],
    ['a test', write('ws/app/tests/more.rs', 'x'), of('app:clippy', 'app:test', 'app:rustfmt')],
    [
      'a test of another crate',
      write('ws/lib/tests/more.rs', 'x'),
      of('lib:clippy', 'lib:test', 'lib:rustfmt'),
    ],
    ['a fixture', write('ws/app/tests/data.txt', 'x'), of('app:clippy', 'app:test')],
    ['a path dependency that is no project', write('far/src/lib.rs', '// changed'), of('app', 'lib')],
    [
      'its manifest',
      replace('far/Cargo.toml', 'edition', 'rust-version = "1.80"\nedition'),
      of('app', 'lib'),
    ],
    ['offline data of sqlx', write('ws/db/.sqlx/query-2.json', '{}'), of('db')],
    [
      'a toolchain file',
      write('rust-toolchain.toml', '[toolchain]\nprofile = "minimal"\n'),
      of(...ALL.map((name) => `${name}!`)),
    ],
    [
      'configuration of cargo outside',
      write('home/cargo/config.toml', '[build]\nrustflags = ["-g"]\n'),
      of(...ALL),
    ],
    ['configuration that cannot be read', write('home/cargo/config.toml', 'what'), of(...ALL)],
    [
      'a profile in it',
      write('ws/.cargo/config.toml', '[profile.release]\nlto = true\n'),
      ALL.map((name) => `${name}:build`),
    ],
    [
      'nothing: how cargo talks',
      write('ws/.cargo/config.toml', '[term]\nverbose = true\n[alias]\nx = "y"\n# x'),
      [],
    ],
    [
      'settings of rustfmt for the user',
      write('home/rustfmt/rustfmt.toml', 'max_width = 80\n'),
      ALL.map((name) => `${name}:rustfmt`),
    ],
    ['settings of clippy', write('ws/lib/clippy.toml', 'msrv = "1.80.0"\n'), ['lib:clippy']],
    ['settings of nextest', write('ws/.config/nextest.toml', ''), ALL.map((name) => `${name}:test`)],
    ['nothing: documentation', write('ws/app/README.md', '# x'), []],
    ['nothing: another file beside an included one', write('shared/other.txt', 'x'), []],
    [
      'nothing: a file that git ignores',
      () => writeFiles(folder.path, { '.gitignore': '*.log', 'ws/app/a.log': 'x' }),
      [],
    ],
    ['nothing: a Dockerfile', write('ws/app/Dockerfile', 'FROM scratch'), []],
  ])('change with %s', async (_what, change, expected) => {
    const before = await keys();
    await change();
    expect(changed(before, await keys())).toEqual([...expected].sort());
  });

  it.each<[string, () => Promise<unknown>, string[]]>([
    ['a package below a dependency', lock(external('serde', [], '1.0.1')), of('app', 'lib')],
    ['an edge, with the same packages', lock(external('axum', ['mock'])), of('app')],
    ['a package that one member reaches', lock(external('sqlx', [], '2.0.0')), of('app', 'db')],
    ['a package that only tests reach', lock(external('mock', [], '2.0.0')), of('lib:clippy', 'lib:test')],
    ['nothing: a package that nobody reaches', lock(external('unused', [], '2.0.0')), []],
    ['nothing: the version of the format', write('ws/Cargo.lock', `# note\n${lockText(LOCKED, 3)}`), []],
    ['nothing: the version of a crate of the workspace', lock({ name: 'far', version: '0.2.0' }), []],
  ])('change with %s in the lock', async (_what, change, expected) => {
    const before = await keys();
    await change();
    expect(changed(before, await keys())).toEqual([...expected].sort());
  });

  it.each<[string, string, string | RegExp, string, string[]]>([
    [
      'an inherited dependency',
      'ws/Cargo.toml',
      'serde = "1"',
      'serde = { version = "1", features = ["rc"] }',
      of('app', 'lib'),
    ],
    [
      'a profile of builds',
      'ws/Cargo.toml',
      'strip = true',
      'strip = false',
      ALL.map((name) => `${name}:build`),
    ],
    [
      'a profile of tests',
      'ws/Cargo.toml',
      'debug = 1',
      'debug = 2',
      ALL.flatMap((name) => [`${name}:clippy`, `${name}:test`]),
    ],
    ['inherited lints of rustc', 'ws/Cargo.toml', '"forbid"', '"deny"', of('app')],
    ['inherited lints of clippy', 'ws/Cargo.toml', '"warn"', '"deny"', ['app:clippy']],
    ['the resolver', 'ws/Cargo.toml', '"2"', '"3"', of(...ALL)],
    ['a patch', 'ws/Cargo.toml', '[profile.dev]', '[patch.crates-io]\nx = "1"\n[profile.dev]', of(...ALL)],
    ['the edition', 'ws/lib/Cargo.toml', '2021', '2018', of('lib!', 'app')],
    ['what env! can bake in', 'ws/app/Cargo.toml', 'An app', 'The app', of('app')],
    ['a dev-dependency', 'ws/lib/Cargo.toml', 'mock = "1"', 'mock = "1.1"', of('lib:clippy', 'lib:test')],
    [
      'the targets',
      'ws/app/Cargo.toml',
      '[lints]',
      '[[test]]\nname = "it"\n[lints]',
      of('app:clippy', 'app:test', 'app:rustfmt'),
    ],
    ['nothing: an entry that nobody uses', 'ws/Cargo.toml', 'unused = "1"', 'unused = "2"', []],
    [
      'nothing: a profile that no target uses',
      'ws/Cargo.toml',
      '[profile.dev]',
      '[profile.dist]\ninherits = "release"\n[profile.dev]',
      [],
    ],
    [
      'nothing: comments and order',
      'ws/lib/Cargo.toml',
      /^([^]*)(\[dependencies\])([^]*)(\[dev[^]*)$/,
      '# x\n$1$4\n$2 # y$3',
      [],
    ],
    [
      'nothing: what is only published',
      'ws/app/Cargo.toml',
      '[dependencies]',
      'keywords = ["x"]\npublish = false\n[package.metadata.x]\ny = 1\n[dependencies]',
      [],
    ],
    [
      'nothing: inheriting what was written out',
      'ws/lib/Cargo.toml',
      'serde.workspace = true',
      'serde = "1"',
      [],
    ],
    [
      'nothing: metadata of the workspace',
      'ws/Cargo.toml',
      '[profile.dev]',
      '[workspace.metadata.x]\ny = 1\n[profile.dev]',
      [],
    ],
  ])('change with %s in a manifest', async (_what, file, from, to, expected) => {
    const before = await keys();
    await replace(file, from, to)();
    expect(changed(before, await keys())).toEqual([...expected].sort());
  });

  it('count the dev-dependencies of a crate for its build with resolver 1, which unifies their features', async () => {
    await replace('ws/Cargo.toml', 'resolver = "2"', 'resolver = "1"')();
    const before = await keys();
    await replace('ws/lib/Cargo.toml', 'mock = "1"', 'mock = { version = "1", features = ["x"] }')();
    expect(changed(before, await keys())).toEqual(of('lib'));
  });

  it('hold the sources that [patch] puts in the place of a package', async () => {
    await writeFiles(folder.path, {
      'ws/Cargo.toml': `${ROOT}[patch.crates-io]\nserde = { path = "../patched" }\n`,
      'ws/Cargo.lock': lockText(LOCKED.map((one) => (one.name === 'serde' ? { name: 'serde' } : one))),
      ...library('patched', 'serde', '[workspace]\n'),
    });
    const before = await keys();
    await writeFiles(folder.path, { 'patched/src/lib.rs': '// changed' });
    expect(changed(before, await keys())).toEqual(of('app', 'lib', 'serde!'));
  });

  it.each<[string, string[]]>([
    ...[
      'RUSTFLAGS',
      'CARGO_ENCODED_RUSTFLAGS',
      'RUSTC_WRAPPER',
      'RUSTC_WORKSPACE_WRAPPER',
      'RUSTC_BOOTSTRAP',
      'CARGO_BUILD_RUSTFLAGS',
      'CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER',
      'CARGO_INCREMENTAL',
      'SDKROOT',
      'MACOSX_DEPLOYMENT_TARGET',
      'CC',
      'CXX',
      'AR',
      'CFLAGS',
      'CC_x86_64_unknown_linux_gnu',
      'HOST_CC',
      'PKG_CONFIG_PATH',
      'OPENSSL_DIR',
      'PROTOC',
      'SQLX_OFFLINE',
      'LD_LIBRARY_PATH',
    ].map((name): [string, string[]] => [name, of(...ALL)]),
    ['CARGO_PROFILE_RELEASE_LTO', ALL.map((name) => `${name}:build`)],
    ['CARGO_PROFILE_DEV_DEBUG', ALL.flatMap((name) => [`${name}:clippy`, `${name}:test`])],
    ['RUSTDOCFLAGS', ALL.map((name) => `${name}:test`)],
    ['CLIPPY_ARGS', ALL.map((name) => `${name}:clippy`)],
    ['CLIPPY_CONF_DIR', ALL.map((name) => `${name}:clippy`)],
    ['RUSTFMT', ALL.map((name) => `${name}:rustfmt`)],
    ['FLAVOUR', of('app', 'lib')],
    ['LIB_MODE', of('app', 'lib')],
    ['GREETING', ['app:test']],
    ['HTTP_TIMEOUT', ['app:test', 'lib:test']],
    ...['RUST_LOG', 'TZ', 'PGUSER', 'https_proxy'].map((name): [string, string[]] => [
      name,
      ALL.map((project) => `${project}:test`),
    ]),
    ['CARGO_TARGET_DIR', []],
    ['CARGO_TERM_COLOR', []],
    ['EDITOR', []],
    ['NX_TASK_HASH', []],
  ])('for the variable %s: %j', async (name, expected) => {
    expect(changed(await keys(), await keys({ [name]: 'other' }))).toEqual([...expected].sort());
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['a build flag', { '.env': 'RUSTFLAGS=-g\n' }, of(...ALL)],
    ['a compiled-in variable of a dependency', { 'ws/app/.env': 'FLAVOUR=x\n' }, of('app')],
    ['a variable that it reads when it runs', { 'ws/app/.env': 'GREETING=x\n' }, ['app:test']],
    ['a variable that a dependency reads', { 'ws/.env': 'HTTP_TIMEOUT=x\n' }, ['app:test', 'lib:test']],
    ['a variable of libraries', { 'ws/.env': 'TZ=x\n' }, ALL.map((name) => `${name}:test`)],
    ['a variable that nobody reads', { 'ws/app/.env': 'COLOUR=x\n' }, []],
  ])('change with %s in .env', async (_what, files, expected) => {
    const before = await keys();
    await writeFiles(folder.path, files);
    expect(changed(before, await keys())).toEqual([...expected].sort());
  });

  it('hold the values of .env files as they are after filling in', async () => {
    await writeFiles(folder.path, {
      '.env': 'BASE=one\nFLAVOUR=${SHELL_FLAVOUR}\n',
      'ws/app/.env': 'GREETING=${BASE}/${SHELL_PART}\n',
    });
    const before = await keys();
    expect(changed(before, await keys({ SHELL_PART: 'x' }))).toEqual(['app:test']);
    expect(changed(before, await keys({ SHELL_FLAVOUR: 'x' }))).toEqual(of('app', 'lib'));
  });

  it.each(['fn f() { std::env::vars_os(); }', 'fn f(name: &str) { std::env::var(name); }'])(
    'change with every variable where the names cannot be told: %s',
    async (source) => {
      await writeFiles(folder.path, { 'ws/lib/src/lib.rs': source });
      const before = await keys();
      expect(changed(before, await keys({ UNHEARD_OF: '1' }))).toEqual(['app:test', 'lib:test']);
      const session = {
        PWD: '/x',
        SHLVL: '4',
        TERM: 'dumb',
        SSH_AUTH_SOCK: '/x',
        NX_TASK_HASH: '1',
        npm_config_x: '1',
        RUST_PLATFORM_RUN_ID: '1',
        GITHUB_RUN_ID: '1',
        CI: 'true',
        CARGO_TARGET_DIR: '/x',
      };
      expect(changed(before, await keys(session))).toEqual([]);
    },
  );

  it.each<[string, Record<string, string>, NodeJS.ProcessEnv]>([
    ['in the repository', {}, { CLIPPY_CONF_DIR: '../lints' }],
    ['in .cargo/config.toml', { 'ws/.cargo/config.toml': '[env]\nCLIPPY_CONF_DIR = "../lints"\n' }, {}],
    [
      'relative to .cargo/config.toml',
      { '.cargo/config.toml': '[env]\nCLIPPY_CONF_DIR = { value = "lints", relative = true }\n' },
      {},
    ],
    ['in .env', { '.env': 'CLIPPY_CONF_DIR=../lints\n' }, {}],
  ])("change with clippy's settings in a folder named %s", async (_where, files, changes) => {
    await writeFiles(folder.path, { ...files, 'lints/clippy.toml': 'msrv = "1.80.0"\n' });
    const before = await keys(changes);
    await writeFiles(folder.path, { 'lints/clippy.toml': 'msrv = "1.85.0"\n' });
    expect(changed(before, await keys(changes))).toEqual(ALL.map((name) => `${name}:clippy`));
  });

  it.each(['@flags', 'absolute'])('change with the content of a file of flags: %s', async (given) => {
    const RUSTFLAGS = given === 'absolute' ? `@${join(folder.path, 'ws/flags')}` : given;
    await writeFiles(folder.path, { 'ws/flags': '-g' });
    const before = await keys({ RUSTFLAGS });
    await writeFiles(folder.path, { 'ws/flags': '-O' });
    expect(changed(before, await keys({ RUSTFLAGS }))).toEqual(of(...ALL));
  });

  it('change with what rustc says of itself', async () => {
    const stub = async (version: string) => {
      await writeFile(join(folder.path, 'rustc'), `#!/bin/sh\necho 'rustc ${version}'\n`, { mode: 0o755 });
      return keys({ PATH: `${folder.path}:${env['PATH']}` });
    };
    expect(changed(await stub('1.0.0'), await stub('1.0.10'))).toEqual(of(...ALL.map((name) => `${name}!`)));
  });

  it('hold the place of the repository only where it ends in a binary', async () => {
    const source = { 'ws/apart/src/lib.rs': 'const ROOT: &str = env!("CARGO_MANIFEST_DIR");\n' };
    await writeFiles(folder.path, source);
    const before = await keys();
    const copy = await temporaryFolder('keys-copy');
    await writeFiles(copy.path, { ...FILES, ...source });
    const here = folder;
    folder = {
      ...copy,
      remove: async () => Promise.all([copy.remove(), here.remove()]).then(() => undefined),
    };
    // Both homes are empty.
    expect(changed(before, await keys())).toEqual(['apart:build']);
  });

  it('name everything that they are made of, each once', async () => {
    const { record } = await keys({ FLAVOUR: 'secret' });
    const all = (record.keys['app:build'] ?? []).flatMap((part) => record.parts[part] ?? []);
    const names = all.map(({ group, name }) => `${group} ${name}`);
    expect(names).toEqual([...new Set(names)]);
    expect(names).toEqual(
      expect.arrayContaining([
        'source ws/app/src/main.rs',
        'source ws/lib/src/lib.rs',
        'source far/src/lib.rs',
        'file shared/text.txt',
        'manifest ws/app/Cargo.toml [package] description',
        'manifest ws/lib/Cargo.toml [dependencies] serde',
        'manifest ws/Cargo.toml [profile.release]',
        'lock app (build)',
        'environment FLAVOUR',
        'tool rustc in ws',
        'plugin rust-platform-plugin',
      ]),
    );
    expect(names.join('\n')).not.toMatch(/README|tests\/|profile\.dev|mock/);
    expect(JSON.stringify(record)).not.toContain('secret');
    expect(Object.keys(record.locks)).toEqual(['ws']);
  });
});

describe('keys of API tests', () => {
  const services = async (files: Record<string, string> = {}) => {
    await writeFiles(folder.path, { ...SERVICE, ...files });
    return keys();
  };

  it.each<[string, Record<string, string>, string[]]>([
    ['a request', { 'ws/app/api/a.http': 'GET {{host}}/y\n' }, ['app:api']],
    ['its environment', { 'ws/app/api/http-client.env.json': '{}' }, ['app:api']],
    ['a file that git ignores beside it', { 'ws/app/api/.env': 'x=1' }, ['app:api']],
    ['a source', { 'ws/lib/src/lib.rs': '// changed' }, of('app', 'lib!', 'app:api')],
    [
      'the description of the service',
      { 'ws/app/Cargo.toml': `${SERVICE['ws/app/Cargo.toml']}args = ["--fast"]\n` },
      ['app:api'],
    ],
    [
      'its environment',
      { 'ws/app/Cargo.toml': `${SERVICE['ws/app/Cargo.toml']}env = { A = "1" }\n` },
      ['app:api'],
    ],
    ['a migration', { 'ws/app/migrations/2_x.sql': 'select 2' }, ['app:api']],
    ['nothing: scenarios of benches', { 'ws/app/bench/scenarios.toml': '# x' }, []],
    ['nothing: a test', { 'ws/app/tests/it.rs': '// x' }, of('app:clippy', 'app:test', 'app:rustfmt')],
    [
      'nothing: other metadata',
      { 'ws/app/Cargo.toml': `${SERVICE['ws/app/Cargo.toml']}[package.metadata.deb]\nx = 1\n` },
      [],
    ],
  ])('change with %s', async (_what, files, expected) => {
    const before = await services({ 'ws/app/migrations/1_x.sql': 'select 1' });
    await writeFiles(folder.path, files);
    expect(changed(before, await keys())).toEqual([...expected].sort());
  });

  it.each<[string, Record<string, string>]>([
    ['a request', { 'ws/app/api/a.http': 'GET {{host}}/x\nX-Key: {{$processEnv SOME_KEY}}\n' }],
    ['a script', { 'ws/app/api/a.http': 'GET {{host}}/x\n{{ exports.x = process.env.SOME_KEY; }}\n' }],
    ['a module', { 'ws/app/api/lib/b.js': 'process.env.SOME_KEY' }],
  ])('change with the environment that %s reads', async (_what, files) => {
    const before = await services(files);
    expect(changed(before, await keys({ SOME_KEY: '1' }))).toEqual(['app:api']);
  });

  it('hold the builds of needed services and what the Compose file says of needed ones', async () => {
    const needs = (list: string) =>
      SERVICE['ws/app/Cargo.toml']?.replace('port =', `needs = [${list}]\nport =`);
    await writeFiles(folder.path, {
      ...SERVICE,
      'ws/app/Cargo.toml': needs('"apart", "mail"') ?? '',
      ...binary('ws/apart', 'apart', '[package.metadata.rust-platform]\nport = 8002\n'),
      'compose.yml': 'services:\n  mail:\n    image: mail:${TAG:-1}\n  other:\n    image: other:1\n',
    });
    const before = await keys();
    await writeFiles(folder.path, { 'ws/apart/src/main.rs': 'fn main() { }\n' });
    const after = await keys();
    expect(changed(before, after)).toEqual(of('apart!', 'apart:api', 'app:api'));
    expect(changed(after, await keys({ TAG: '2' }))).toEqual(['app:api']);
    await writeFiles(folder.path, {
      'compose.yml': '# x\nservices:\n  mail:\n    image: mail:${TAG:-1}\n  other:\n    image: other:2\n',
    });
    expect(changed(after, await keys())).toEqual([]);
  });

  it('hold the major version of the servers that the service and its tests use', async () => {
    await services({
      'ws/app/Cargo.toml': SERVICE['ws/app/Cargo.toml']?.replace('axum', 'sqlx = "1"\naxum') ?? '',
      'ws/app/tests/it.rs': '',
    });
    const stub = async (version: string) => {
      const text = `#!/bin/sh\necho 'postgres (PostgreSQL) ${version}'\n`;
      for (const name of ['postgres', 'initdb']) {
        await writeFile(join(folder.path, name), text, { mode: 0o755 });
      }
      return keys({ PATH: `${folder.path}:${env['PATH']}` });
    };
    const before = await stub('15.1');
    expect(changed(before, await stub('15.12'))).toEqual([]);
    expect(changed(before, await stub('16.12'))).toEqual(['app:api', 'app:test']);
    const given = await keys({ DATABASE_URL: 'postgres://localhost/x', SQLX_OFFLINE: 'true' });
    expect(JSON.stringify(given.record.parts['PostgreSQL'])).toContain('given by DATABASE_URL');
    expect(JSON.stringify(given.record)).not.toContain('localhost');
  });
});

describe('tasks run uncached', () => {
  const reasonsOf = ({ uncached }: TaskKeys) =>
    Object.fromEntries(uncached.map(({ project, reasons }) => [project, reasons]));

  it.each<[string, () => Promise<unknown>, string]>([
    ['without a lock', () => rm(join(folder.path, 'ws/Cargo.lock')), 'ws/Cargo.lock does not exist'],
    [
      'with conflicts in the lock',
      replace('ws/Cargo.lock', 'version = 4', '<<<<<<< HEAD\nversion = 4'),
      'ws/Cargo.lock:2: a merge left its conflict markers in it',
    ],
    [
      'with a dependency that the lock does not have',
      replace('ws/Cargo.lock', ' "axum",', ' "axon",'),
      'ws/Cargo.lock:4: the dependency "axon" of app 0.1.0 fits no package there, or more than one',
    ],
  ])('%s, and get another key each time; only rustfmt does not ask', async (_what, change, reason) => {
    await change();
    const first = await keys();
    expect(reasonsOf(first)).toEqual(Object.fromEntries(ALL.map((name) => [name, [reason]])));
    expect(first.uncached[0]?.families).toEqual(['build', 'clippy', 'test']);
    expect(changed(first, await keys())).toEqual(of(...ALL));
  });

  it('when the lock does not have the crate, and that one only', async () => {
    await write('ws/Cargo.lock', lockText(LOCKED.filter(({ name }) => name !== 'apart')))();
    const first = await keys();
    expect(reasonsOf(first)).toEqual({ apart: ['ws/Cargo.lock does not have apart'] });
    expect(changed(first, await keys())).toEqual(of('apart'));
  });

  it('with an include that cannot be told, in it or below it; for tests only its own', async () => {
    await writeFiles(folder.path, {
      'ws/lib/src/lib.rs':
        'macro_rules! f { ($p:expr) => { include_str!($p) } }\nfn g(p: u8) { include_str!(p) }\n',
      'ws/db/tests/it.rs': 'fn g() { include_str!(concat!(env!("X"), "y")) }\n',
    });
    const found = await keys();
    expect(Object.keys(reasonsOf(found)).sort()).toEqual(['app', 'db', 'lib']);
    expect(reasonsOf(found)['app']?.[0]).toContain('ws/lib/src/lib.rs');
    expect(changed(found, await keys())).toEqual(of('app', 'lib', 'db:clippy', 'db:test'));
    const settles = found.uncached.flatMap(({ reasons }) => reasons);
    const learned = { files: [], environment: [], settles };
    await writeFiles(folder.path, {
      'rust-inputs.json': JSON.stringify({ schemaVersion: 1, crates: { lib: learned, db: learned } }),
    });
    expect((await keys()).uncached).toEqual([]);
  });

  it('when sqlx asks a live database while it compiles', async () => {
    const live = { DATABASE_URL: 'postgres://localhost/x' };
    expect(reasonsOf(await keys(live))).toEqual({});
    await rm(join(folder.path, 'ws/db/.sqlx'), { recursive: true });
    expect(reasonsOf(await keys(live))).toEqual({ db: [expect.stringContaining('cargo sqlx prepare')] });
    expect(reasonsOf(await keys({ ...live, SQLX_OFFLINE: 'true' }))).toEqual({});
    expect(reasonsOf(await keys())).toEqual({});
  });

  it.each(['ws/db/.env', 'ws/.env', '.env'])('when %s names the database', async (file) => {
    await writeFiles(folder.path, { [file]: 'DATABASE_URL=postgres://localhost/x\n' });
    expect(reasonsOf(await keys())).toEqual({});
    await rm(join(folder.path, 'ws/db/.sqlx'), { recursive: true });
    expect(reasonsOf(await keys())).toEqual({ db: [expect.stringContaining('cargo sqlx prepare')] });
    await writeFiles(folder.path, { [file]: 'DATABASE_URL=postgres://localhost/x\nSQLX_OFFLINE=true\n' });
    expect(reasonsOf(await keys())).toEqual({});
    expect(reasonsOf(await keys({ SQLX_OFFLINE: 'false' }))).toEqual({
      db: [expect.stringContaining('cargo sqlx prepare')],
    });
  });

  it('when reading one crate fails, which stops no other', async () => {
    const hash = jest.spyOn(ScanCache.prototype, 'references').mockImplementation((file) => {
      if (file.includes('/lib/')) throw new Error('out of\norder');
      return {};
    });
    try {
      const first = await keys();
      const reason = 'what ws/lib depends on could not be read: out of order';
      expect(reasonsOf(first)).toEqual({ app: [reason], lib: [reason] });
      expect(changed(first, await keys())).toEqual(of('app', 'lib'));
    } finally {
      hash.mockRestore();
    }
  });
});
