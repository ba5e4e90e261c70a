import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { writeFiles } from '../../testing/write-files';
import { declaredInputs, type DeclaredInputs } from './declared-inputs';
import { ScanCache } from './scan-cache';
import type { LearnedInputs } from '../learned-inputs';
import { relative } from 'node:path';

const MANIFEST = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n';

describe('whether a crate is settled', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder('settled');
    await writeFiles(folder.path, {
      'app/Cargo.toml': MANIFEST,
      'app/src/lib.rs': '',
      'app/proto/a.proto': '',
      'app/native/x.c': '',
      'app/schema.graphql': '',
      'app/README.md': '',
      'shared/api.proto': '',
      'shared/deep/b.proto': '',
    });
  });
  afterEach(() => folder.remove());

  const scan = (env: NodeJS.ProcessEnv = {}, learned: LearnedInputs = {}): DeclaredInputs => {
    const crates = [{ project: 'app', root: 'app', cargoRoot: '.', dependencies: [] }];
    const cache = ScanCache.open(folder.path, {});
    const found = declaredInputs({ workspaceRoot: folder.path, crates, env, cache, learned }).get('app');
    if (!found) throw new Error('app is missing');
    return found;
  };
  const reasons = ({ open }: DeclaredInputs): string[] => open.map(({ reason }) => reason);
  const files = ({ content }: DeclaredInputs): string[] =>
    Object.keys(content)
      .map((file) => relative(folder.path, file))
      .sort();
  const script = (body: string) => writeFiles(folder.path, { 'app/build.rs': `fn main() { ${body} }` });

  it.each([
    ['only declares itself', 'println!("cargo:rerun-if-changed=build.rs");'],
    [
      'reads what cargo sets',
      'let t = std::env::var("TARGET").unwrap(); env::var("CARGO_FEATURE_X"); env::var_os("OUT_DIR");',
    ],
    [
      'writes to OUT_DIR',
      'let out = env::var("OUT_DIR").unwrap(); let p = Path::new(&out).join("x.rs"); fs::write(&p, "").unwrap(); let s = fs::read_to_string(&p);',
    ],
    [
      'asks for features',
      'for (k, _) in std::env::vars() { if k.starts_with("CARGO_FEATURE_") { println!("{}", k); } }',
    ],
    ['asks for features by format', 'let name = "x"; std::env::var(format!("CARGO_FEATURE_{name}"));'],
    [
      'runs tonic on plain paths',
      'tonic_build::configure().compile_protos(&["proto/a.proto"], &["proto"]).unwrap();',
    ],
    [
      'runs prost on names of its own',
      'let protos = ["proto/a.proto"]; for p in &protos { println!("cargo:rerun-if-changed={p}"); } prost_build::compile_protos(&protos, &["proto/"]).unwrap();',
    ],
    ['compiles C of plain files', 'cc::Build::new().file("native/x.c").include("native").compile("x");'],
    [
      'walks a folder',
      'for entry in std::fs::read_dir("proto").unwrap() { let path = entry.unwrap().path(); let text = fs::read_to_string(&path).unwrap(); println!("cargo:rerun-if-changed={}", path.display()); }',
    ],
    [
      'walks with closures',
      'WalkDir::new("proto").into_iter().filter_map(|e| e.ok()).for_each(|e| { fs::read(e.path()).unwrap(); });',
    ],
    [
      'matches',
      'match fs::read_dir("proto") { Ok(dir) => for e in dir { fs::read(e.unwrap().path()); }, Err(_) => {} }',
    ],
    [
      'joins its own folder',
      'let dir = env!("CARGO_MANIFEST_DIR"); let p = PathBuf::from(dir).join("schema.graphql"); let t = fs::read_to_string(p);',
    ],
    [
      'has functions',
      'gen("proto/a.proto"); } fn gen(path: &str) { let t = fs::read_to_string(path).unwrap();',
    ],
    ['has constants', 'let t = fs::read(SCHEMA); } const SCHEMA: &str = "schema.graphql"; fn other() {'],
    [
      'asks rustc',
      'Command::new(env::var("RUSTC").unwrap()).arg("--version").output(); Command::new("rustc").output();',
    ],
    [
      'reads the version of rustc',
      'let v = rustc_version::version().unwrap(); println!("cargo:rustc-cfg={}", v);',
    ],
    [
      'uses what another script made',
      'let i = env::var("DEP_Z_INCLUDE").unwrap(); cc::Build::new().include(i).file("native/x.c").compile("x");',
    ],
    [
      'looks for a file that is not there',
      'let p = Path::new("local.toml"); if p.exists() { fs::read_to_string(p).unwrap(); }',
    ],
    [
      'reads in tests',
      '} #[cfg(test)] mod tests { fn t(p: &str) { std::fs::read(p); std::env::vars(); } } fn x() {',
    ],
  ])('settled: a build script that %s', async (_what, body) => {
    await script(body);
    expect(reasons(scan())).toEqual([]);
  });

  it.each([
    [
      'a file that a variable names',
      'let n = env::var("CONFIG_FILE").unwrap(); let t = fs::read_to_string(&n);',
      { CONFIG_FILE: '/x' },
      'app/build.rs: fs::read_to_string(&n) reads what CONFIG_FILE names',
    ],
    [
      'a file of an argument',
      'let n = std::env::args().nth(1).unwrap(); let t = std::fs::read(n);',
      {},
      'app/build.rs: std::fs::read(n) names no path that can be read off',
    ],
    [
      'a file of a library',
      'let n = helper::find(); let t = File::open(n);',
      {},
      'app/build.rs: File::open(n) names no path that can be read off',
    ],
    [
      'the folder above',
      'let d = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap(); fs::read_dir(d);',
      {},
      'app/build.rs: fs::read_dir(d) names no path that can be read off',
    ],
    [
      'what a program says',
      'let o = Command::new("rustc").output().unwrap(); let p = String::from_utf8(o.stdout).unwrap(); fs::read(p);',
      {},
      'app/build.rs: fs::read(p) names no path that can be read off',
    ],
    [
      'all variables',
      'for (k, v) in env::vars() { emit(k, v); }',
      {},
      'app/build.rs: vars() reads variables whose names cannot be read off',
    ],
    [
      'a prefix of variables',
      'for (k, v) in env::vars() { if k.starts_with("APP_") {} }',
      {},
      'app/build.rs: vars() reads variables whose names cannot be read off',
    ],
    [
      'a computed variable',
      'let n = helper::name(); env::var(n);',
      {},
      'app/build.rs: var(n) reads variables whose names cannot be read off',
    ],
    [
      'a program',
      'Command::new("make").arg("x").status();',
      {},
      'app/build.rs: nothing tells what the program make reads',
    ],
    [
      'a program of a computed name',
      'let p = helper::find(); Command::new(p).status();',
      {},
      'app/build.rs: Command::new(p) starts a program whose name cannot be read off',
    ],
    [
      'the network',
      'let t = reqwest::blocking::get("https://example.org");',
      {},
      'app/build.rs: it may ask the network',
    ],
    [
      'declared by computed lines',
      'for f in helper::files() { println!("cargo:rerun-if-changed={}", f.display()); }',
      {},
      'app/build.rs: "cargo:rerun-if-changed={}" names no path that can be read off',
    ],
  ])('unsettled: a build script that reads %s', async (_what, body, env, reason) => {
    await script(body);
    expect(reasons(scan(env))).toEqual([reason]);
  });

  it('holds the reason only while the variable is set, and the variable is in the key', async () => {
    await script('let n = env::var("CONFIG_FILE").unwrap(); let t = fs::read_to_string(&n);');
    const found = scan();
    expect(found).toMatchObject({ open: [], compileEnv: ['CONFIG_FILE'] });
    expect(found.notes).toEqual(['app/build.rs reads CONFIG_FILE without declaring it']);
  });

  it('holds what a build script names outside the crate', async () => {
    await script(
      'let p = format!("{}/../shared/api.proto", env!("CARGO_MANIFEST_DIR")); tonic_build::compile_protos(&p);',
    );
    expect(files(scan())).toContain('shared/api.proto');
    await script('let n = "api"; let t = fs::read(format!("../shared/{n}.proto"));');
    const found = scan();
    expect(reasons(found)).toEqual([]);
    expect(files(found)).toEqual(expect.arrayContaining(['shared/api.proto', 'shared/deep/b.proto']));
    await script('let t = fs::read("README.md");');
    expect(files(scan())).toContain('app/README.md');
  });

  it('leaves out what a build script writes into the folder and git ignores, before and after it ran', async () => {
    await writeFiles(folder.path, {
      '.gitignore': 'gen/\n',
      'app/src/lib.rs': 'include!("gen/x.rs"); mod gen;',
    });
    await script(
      'tonic_build::configure().out_dir("src/gen").compile_protos(&["proto/a.proto"], &["proto"]);',
    );
    const before = scan();
    await writeFiles(folder.path, { 'app/src/gen/x.rs': 'env!("A")', 'app/src/gen/mod.rs': '' });
    expect({ ...scan(), files: [] }).toEqual({ ...before, files: [] });
    expect(before).toMatchObject({ open: [], made: [`${folder.path}/app/src/gen`] });
    await writeFiles(folder.path, { '.gitignore': '' });
    expect(files(scan())).toContain('app/src/gen/x.rs');
  });

  it('follows the modules of a build script, wherever the manifest puts it', async () => {
    await writeFiles(folder.path, {
      'app/Cargo.toml': `${MANIFEST}build = "tools/make.rs"\n`,
      'app/tools/make.rs': 'mod part; fn main() { part::run(); }',
      'app/tools/part.rs': 'pub fn run() { Command::new("make").status(); env::var("FLAVOUR"); }',
      'app/src/build.rs': 'pub fn run() { Command::new("make"); env::var("PORT"); }',
    });
    const found = scan();
    expect(reasons(found)).toEqual(['app/tools/part.rs: nothing tells what the program make reads']);
    expect(found).toMatchObject({ compileEnv: ['FLAVOUR'], runtimeEnv: ['PORT'] });
  });

  it.each([
    ['Command::new("git").args(["rev-parse", "HEAD"]).output();', 'git'],
    ['vergen::EmitBuilder::builder().git_sha(true).emit();', 'git'],
    ['cc::Build::new().file("native/x.c").compile("x");', 'cCompiler'],
  ])('tells what else the key must hold: %s', async (body, flag) => {
    await script(body);
    expect(scan()).toMatchObject({ open: [], git: flag === 'git', cCompiler: flag === 'cCompiler' });
  });

  it.each([
    [
      'include_str!(concat!("../assets/", $name))',
      ['app/src/lib.rs: include_str!(concat!("../assets/",$name)) names no path that can be read off'],
    ],
    ['include_str!(concat!("../../shared/", stringify!(api), ".proto"))', []],
    ['include_str!(env!("GENERATED"))', []],
    ['include!(concat!(env!("OUT_DIR"), "/x.rs"))', []],
    ['include_bytes!(NAME)', ['app/src/lib.rs: include_bytes!(NAME) names no path that can be read off']],
    [
      '#[path = concat!("x", NAME)] mod x;',
      ['app/src/lib.rs: #[path=concat!("x",NAME)] names no path that can be read off'],
    ],
    [
      '#[derive(Embed)] #[folder = "$ASSETS/x"] struct A;',
      ['app/src/lib.rs: folder = "$ASSETS/x" names no path that can be read off'],
    ],
    ['#[derive(Embed)] #[folder = "$CARGO_MANIFEST_DIR/proto"] struct A;', []],
    ['include_dir!("$OUT_DIR/x")', []],
    ['macro_rules! unused { ($p:expr) => { include_str!($p) } }', []],
    ['macro_rules! proto { ($p:expr) => { include_str!($p) } } proto!("../proto/a.proto");', []],
    [
      'macro_rules! proto { ($p:literal) => { include_str!(concat!("../../shared/", $p, ".proto")) } } proto!("api");',
      [],
    ],
    [
      'macro_rules! proto { ($p:expr) => { include_str!($p) } } proto!("gone.proto");',
      ['app/src/lib.rs: include_str!($p) names no path that can be read off'],
    ],
  ])('judges %s', async (source, expected) => {
    await writeFiles(folder.path, { 'app/src/lib.rs': source });
    expect(reasons(scan())).toEqual(expected);
  });

  it('takes the paths of a macro from its calls', async () => {
    await writeFiles(folder.path, {
      'app/src/lib.rs':
        'macro_rules! proto { ($p:literal) => { include_str!(concat!("../../shared/", $p, ".proto")) } } mod a;',
      'app/src/a.rs': 'const A: &str = proto!("api");',
    });
    expect(files(scan())).toContain('shared/api.proto');
    expect(files(scan())).not.toContain('shared/deep/b.proto');
  });

  it('says which reasons and files concern tests only', async () => {
    await writeFiles(folder.path, {
      'app/src/lib.rs': 'include_str!("../../shared/api.proto"); env!("A")',
      'app/tests/t.rs': 'include_str!(NAME); include_str!("../../shared/deep/b.proto"); env!("B")',
    });
    const found = scan();
    expect(found.open).toMatchObject([{ inTests: true, observable: true, file: 'app/tests/t.rs' }]);
    expect([...found.testContent].map((file) => relative(folder.path, file)).sort()).toEqual([
      'app/tests/t.rs',
      'shared/deep/b.proto',
    ]);
    expect(found).toMatchObject({ compileEnv: ['A', 'B'], testEnv: ['B'] });
  });

  it('is settled again by what the repository has learned, and only of that', async () => {
    await writeFiles(folder.path, { 'app/src/lib.rs': 'include_str!(NAME);' });
    const reason = 'app/src/lib.rs: include_str!(NAME) names no path that can be read off';
    const learned = {
      app: { files: ['shared/api.proto', 'shared/deep'], environment: ['X'], settles: [reason] },
    };
    const found = scan({}, learned);
    expect(found).toMatchObject({ open: [], compileEnv: ['X'] });
    expect(files(found)).toEqual(expect.arrayContaining(['shared/api.proto', 'shared/deep/b.proto']));
    await writeFiles(folder.path, { 'app/src/lib.rs': 'include_str!(NAME); include_str!(OTHER);' });
    expect(reasons(scan({}, learned))).toEqual([
      'app/src/lib.rs: include_str!(OTHER) names no path that can be read off',
    ]);
  });

  it('takes .git and CARGO_MANIFEST_DIR of the learned file for what they stand for', () => {
    const learned = { app: { files: ['.git'], environment: ['CARGO_MANIFEST_DIR'], settles: [] } };
    expect(scan({}, learned)).toMatchObject({ git: true, bakesPath: true, compileEnv: [] });
  });

  it('reads settings of macros', async () => {
    await writeFiles(folder.path, {
      'app/askama.toml': '[general]\ndirs = ["../shared"]\n',
      'app/sqlx.toml': '[common]\ndatabase-url-var = "APP_DATABASE_URL"\n',
      'app/src/lib.rs': 'sqlx::query!("select 1");',
    });
    const found = scan();
    expect(found).toMatchObject({ databaseVariable: 'APP_DATABASE_URL', compileEnv: ['APP_DATABASE_URL'] });
    expect(files(found)).toContain('shared/api.proto');
  });
});
