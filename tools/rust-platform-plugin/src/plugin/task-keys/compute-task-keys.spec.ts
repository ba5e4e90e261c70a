import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScanCache } from '../../cargo/scan/scan-cache';
import { loadServiceModel } from '../../service-model/load-service-model';
import { DEFAULT_OPTIONS } from '../../service-model/platform-options';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { binary, library, writeFiles } from '../../testing/write-files';
import { computeTaskKeys, type TaskKeys } from './compute-task-keys';

jest.setTimeout(60_000);

const FILES: Record<string, string> = {
  'ws/Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["app", "lib", "db", "apart"]\n',
  'ws/Cargo.lock': 'version = 4\n',
  ...binary('ws/app', 'app', '[dependencies]\nlib = { path = "../lib" }\n'),
  'ws/app/src/main.rs':
    'fn main() { include_str!("../../../shared/text.txt"); std::env::var("GREETING"); }\n',
  ...library('ws/lib', 'lib', '[dependencies]\nfar = { path = "../../far" }\n'),
  'ws/lib/src/lib.rs': 'const FLAVOUR: &str = env!("FLAVOUR");\nfn f() { setting("HTTP_TIMEOUT"); }\n',
  'ws/lib/build.rs': 'fn main() { println!("cargo:rerun-if-env-changed=LIB_MODE"); }\n',
  ...library('ws/db', 'db', '[dependencies]\nsqlx = "0.8"\n'),
  'ws/db/src/lib.rs': 'fn q() { sqlx::query!("select 1"); }\n',
  'ws/db/.sqlx/query-1.json': '{}',
  ...library('ws/apart', 'apart'),
  ...library('far', 'far', '[workspace]\n'),
  'shared/text.txt': 'one',
};

const SERVICE = {
  ...binary(
    'ws/app',
    'app',
    '[dependencies]\nlib = { path = "../lib" }\naxum = "0.8"\n[package.metadata.rust-platform]\nport = 8001\n',
  ),
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

async function keys(changes: NodeJS.ProcessEnv = {}): Promise<TaskKeys> {
  const used = { ...env, ...changes };
  // Members by the manifests: what cargo says is another test's business.
  const options = { ...DEFAULT_OPTIONS, exclude: ['far'] };
  const model = await loadServiceModel({ workspaceRoot: folder.path, options, env: { ...used, PATH: '' } });
  return computeTaskKeys({ workspaceRoot: folder.path, model, env: used });
}

/** Projects whose key differs, `name` for the key of compiling, `name (run)` for that of running. */
function changed(before: TaskKeys, after: TaskKeys): string[] {
  return Object.keys(after.variables)
    .filter((name) => before.variables[name] !== after.variables[name])
    .filter((name) => !name.startsWith('RUST_PLATFORM_SOURCE_KEY_'))
    .map((name) =>
      name
        .toLowerCase()
        .replace(/^rust_platform_(runtime_)?key_(.*)$/, (_all, run, project) =>
          run ? `${project} (run)` : project,
        ),
    )
    .sort();
}

const write = (path: string, text: string) => () => writeFiles(folder.path, { [path]: text });
const ALL = ['apart', 'app', 'db', 'lib'];

describe('keys', () => {
  it('stay the same while nothing changes, also in the next process', async () => {
    expect((await keys()).variables).toEqual((await keys()).variables);
    expect((await keys()).uncached).toEqual([]);
    expect(Object.keys((await keys()).variables)).toHaveLength(12);
  });

  it.each<[string, () => Promise<unknown>, string[]]>([
    ['a file that a source includes', write('shared/text.txt', 'two'), ['app']],
    ['a path dependency that is no project', write('far/src/lib.rs', '// changed'), ['app', 'lib']],
    ['a source that git ignores', write('ws/lib/src/generated.rs', 'x'), ['app', 'lib']],
    ['the lock', write('ws/Cargo.lock', 'version = 4\n#'), ALL],
    [
      'configuration of cargo outside the repository',
      write('home/cargo/config.toml', '[build]\nrustflags = ["-g"]\n'),
      ALL,
    ],
    ['a file that it includes', write('home/cargo/config.toml', 'include = ["more.toml"]\n'), ALL],
    ['a toolchain file', write('rust-toolchain.toml', '[toolchain]\nprofile = "minimal"\n'), ALL],
    ['settings of rustfmt for the user', write('home/rustfmt/rustfmt.toml', 'max_width = 80\n'), ALL],
    ['offline data of sqlx', write('ws/db/.sqlx/query-2.json', '{}'), ['db']],
    [
      'a build flag in .env',
      write('.env', 'RUSTFLAGS=-g\n'),
      [...ALL, ...ALL.map((name) => `${name} (run)`)],
    ],
    [
      'a compiled-in variable in .env',
      write('ws/.env', 'FLAVOUR=x\n'),
      [...ALL.map((name) => `${name} (run)`), 'app', 'lib'],
    ],
    ['anything else in .env', write('ws/app/.env', 'COLOUR=x\n'), ['app (run)']],
    ['nothing: documentation', write('README.md', '# x'), []],
    ['nothing: another file beside an included one', write('shared/other.txt', 'x'), []],
  ])('change with %s', async (_what, change, expected) => {
    const before = await keys();
    await change();
    expect(changed(before, await keys())).toEqual([...expected].sort());
  });

  it.each<[string, string[]]>([
    ...[
      'RUSTFLAGS',
      'CARGO_ENCODED_RUSTFLAGS',
      'RUSTDOCFLAGS',
      'RUSTC_WRAPPER',
      'RUSTC_WORKSPACE_WRAPPER',
      'RUSTC_BOOTSTRAP',
      'CARGO_BUILD_RUSTFLAGS',
      'CARGO_PROFILE_RELEASE_LTO',
      'CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER',
      'CARGO_INCREMENTAL',
      'CLIPPY_ARGS',
      'CLIPPY_CONF_DIR',
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
    ].map((name): [string, string[]] => [name, ALL]),
    ['FLAVOUR', ['app', 'lib']],
    ['LIB_MODE', ['app', 'lib']],
    ['GREETING', ['app (run)']],
    ['HTTP_TIMEOUT', ['app (run)', 'lib (run)']],
    ...['RUST_LOG', 'TZ', 'PGUSER', 'https_proxy'].map((name): [string, string[]] => [
      name,
      ALL.map((project) => `${project} (run)`),
    ]),
    ['CARGO_TARGET_DIR', []],
    ['CARGO_TERM_COLOR', []],
    ['EDITOR', []],
    ['NX_TASK_HASH', []],
  ])('for the variable %s: %j', async (name, expected) => {
    expect(changed(await keys(), await keys({ [name]: 'other' }))).toEqual(expected);
  });

  it('judge the text of sources without those of other crates', async () => {
    const before = await keys();
    await writeFiles(folder.path, { 'ws/lib/src/lib.rs': '// changed' });
    const after = await keys();
    const differs = (name: string) => before.variables[name] !== after.variables[name];
    expect(Object.keys(after.variables).filter(differs).sort()).toEqual([
      'RUST_PLATFORM_KEY_APP',
      'RUST_PLATFORM_KEY_LIB',
      'RUST_PLATFORM_SOURCE_KEY_LIB',
    ]);
  });

  it.each(['fn f() { std::env::vars_os(); }', 'fn f(name: &str) { std::env::var(name); }'])(
    'change with every variable where the names cannot be told: %s',
    async (source) => {
      await writeFiles(folder.path, { 'ws/lib/src/lib.rs': source });
      const before = await keys();
      const both = ['app (run)', 'lib (run)'];
      expect(changed(before, await keys({ UNHEARD_OF: '1' }))).toEqual(both);
      const session = {
        PWD: '/x',
        OLDPWD: '/y',
        SHLVL: '4',
        TERM: 'dumb',
        TERM_PROGRAM: 'x',
        SSH_AUTH_SOCK: '/x',
        NX_TASK_HASH: '1',
        npm_config_x: '1',
        RUST_PLATFORM_RUN_ID: '1',
        GITHUB_RUN_ID: '1',
        CI: 'true',
        INIT_CWD: '/x',
        CARGO_TARGET_DIR: '/x',
        FORCE_COLOR: '0',
      };
      expect(changed(before, await keys(session))).toEqual([]);
    },
  );

  it.each<[string, Record<string, string>]>([
    ['a request', { 'ws/app/api/a.http': 'GET {{host}}/x\nX-Key: {{$processEnv SOME_KEY}}\n' }],
    ['a script', { 'ws/app/api/a.http': 'GET {{host}}/x\n{{ exports.x = process.env.SOME_KEY; }}\n' }],
    ['a module', { 'ws/app/api/a.http': 'GET {{host}}/x\n', 'ws/app/api/lib/b.js': 'process.env.SOME_KEY' }],
  ])('change with the environment that %s of the API tests reads', async (_what, files) => {
    await writeFiles(folder.path, { ...SERVICE, ...files });
    const before = await keys();
    expect(changed(before, await keys({ SOME_KEY: '1' }))).toEqual(['app (run)']);
    await writeFiles(folder.path, { 'ws/app/api/.env': 'x=1' });
    expect(changed(before, await keys())).toEqual(['app (run)']);
  });

  it('hold the values of .env files as they are after filling in', async () => {
    await writeFiles(folder.path, {
      '.env': 'BASE=one\nFLAVOUR=${SHELL_FLAVOUR}\n',
      'ws/app/.env': 'URL=${BASE}/${SHELL_PART}\n',
    });
    const before = await keys();
    expect(changed(before, await keys({ SHELL_PART: 'x' }))).toEqual(['app (run)']);
    expect(changed(before, await keys({ SHELL_FLAVOUR: 'x' }))).toEqual(
      [...ALL.map((name) => `${name} (run)`), 'app', 'lib'].sort(),
    );
  });

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
    expect(changed(before, await keys(changes))).toEqual(ALL);
  });

  it('change with the content of a file of flags', async () => {
    await writeFiles(folder.path, { 'ws/flags': '-g' });
    const before = await keys({ RUSTFLAGS: '@flags' });
    await writeFiles(folder.path, { 'ws/flags': '-O' });
    expect(changed(before, await keys({ RUSTFLAGS: '@flags' }))).toEqual(ALL);
  });

  it('change with another rustc', async () => {
    const stub = async (version: string) => {
      await writeFile(join(folder.path, 'rustc'), `#!/bin/sh\necho 'rustc ${version}'\n`, { mode: 0o755 });
      return keys({ PATH: `${folder.path}:${env['PATH']}` });
    };
    expect(changed(await stub('1.0.0'), await stub('1.0.10'))).toEqual(ALL);
  });

  it('hold the place of the repository only where it ends in a binary', async () => {
    await writeFiles(folder.path, {
      'ws/apart/src/lib.rs': 'const ROOT: &str = env!("CARGO_MANIFEST_DIR");\n',
    });
    const before = await keys();
    const copy = await temporaryFolder('keys-copy');
    await writeFiles(copy.path, {
      ...FILES,
      'ws/apart/src/lib.rs': 'const ROOT: &str = env!("CARGO_MANIFEST_DIR");\n',
    });
    const here = folder;
    folder = {
      ...copy,
      remove: async () => Promise.all([copy.remove(), here.remove()]).then(() => undefined),
    };
    // Outside paths are told relative to the repository, and both homes are empty.
    expect(changed(before, await keys())).toEqual(['apart']);
  });
});

describe('tasks run uncached', () => {
  const reasonsOf = ({ uncached }: TaskKeys) =>
    Object.fromEntries(uncached.map(({ project, reasons }) => [project, reasons]));

  it('without a lock, and get another key each time', async () => {
    await rm(join(folder.path, 'ws/Cargo.lock'));
    const first = await keys();
    expect(reasonsOf(first)['apart']).toEqual(['ws/Cargo.lock does not exist']);
    expect(changed(first, await keys())).toEqual(ALL);
  });

  it('with an include that cannot be told, in it or below it', async () => {
    await writeFiles(folder.path, {
      'ws/lib/src/lib.rs': 'macro_rules! f { ($p:expr) => { include_str!($p) } }\n',
    });
    const found = await keys();
    const reason = 'ws/lib/src/lib.rs: include_str!($p) names no path that can be read off';
    expect(reasonsOf(found)).toEqual({ app: [reason], lib: [reason] });
    expect(changed(found, await keys())).toEqual(['app', 'lib']);
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
      expect(changed(first, await keys())).toEqual(['app', 'app (run)', 'lib', 'lib (run)']);
    } finally {
      hash.mockRestore();
    }
  });
});
