import { rm, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { writeFiles } from '../../testing/write-files';
import { lexRust } from './lex-rust';
import { rustReferences } from './rust-references';
import { ScanCache } from './scan-cache';
import { scanCrate, type CrateScan } from './scan-crate';

describe('lexRust', () => {
  it.each([
    ['// include_str!("a")\n/* "b" /* "c" */ "d" */ x', ['x']],
    ['"a\\"b" b"c" c"d" r"e\\" r##"f"#g"## br#"h"#', ['a"b', 'c', 'd', 'e\\', 'f"#g', 'h']],
    ["'\"' '\\'' 'a \"text\" '\\u{1F600}' b'x'", ['a', 'text']],
    ['"line \\\n   two \\u{41}\\x42\\n"', ['line two AB\n']],
    ['größe r#type $path', ['größe', 'type', '$path']],
  ])('%j', (source, expected) => {
    expect(
      lexRust(source)
        .filter(({ kind }) => kind !== 'mark')
        .map(({ value }) => value),
    ).toEqual(expected);
  });

  it('ends in a source that does not', () => {
    for (const source of ['"open', 'r#"open', '/* open', "'", 'include_str!("x"']) {
      expect(() => rustReferences(source)).not.toThrow();
    }
  });
});

describe('rustReferences', () => {
  const file = (path: string) => ({ base: 'file', path, required: true });
  const manifest = (path: string) => ({ base: 'manifest', path, required: true });
  it.each([
    [
      'include_str!("a.txt"); include_bytes![ "b" , ]; include!{"c.rs"}',
      [file('a.txt'), file('b'), file('c.rs')],
    ],
    ['include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/x/", "y"))', [manifest('x/y')]],
    ['include_str!(concat!("a", "/b"))', [file('a/b')]],
    ['include!(concat!(env!("OUT_DIR"), "/gen.rs"))', undefined],
    ['sqlx::migrate!()', [manifest('migrations')]],
    [
      'static M: Migrator = migrate!("../db");',
      [
        { base: 'file', path: '../db', required: false },
        { base: 'manifest', path: '../db', required: false },
        manifest('../db'),
      ],
    ],
    ['query_file_as!(Row, "q/one.sql")', [manifest('q/one.sql')]],
    ['include_dir!("$CARGO_MANIFEST_DIR/static")', [manifest('static')]],
    ['#[path = "other.rs"] mod x;', [{ base: 'file', path: 'other.rs', required: false }]],
    ['#[folder = "assets"] struct A;', [{ base: 'manifest', path: 'assets', required: false }]],
    [
      'println!("cargo:rerun-if-changed=proto/a.proto");',
      [{ base: 'manifest', path: 'proto/a.proto', required: false }],
    ],
    ['// include_str!("no")\nlet a = "text/plain";', undefined],
  ])('%s', (source, expected) => {
    const paths = rustReferences(source).paths?.sort((a, b) =>
      JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
    );
    expect(paths).toEqual(
      expected && [...expected].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    );
  });

  it('collects environment, queries and what cannot be told', () => {
    expect(
      rustReferences(
        'env!("A"); option_env!("B"); std::env::var("C"); var_os("D"); "cargo::rerun-if-env-changed=E"; query!("select 1"); include_str!($path); env!("CARGO_MANIFEST_DIR");',
      ),
    ).toEqual({
      compileEnv: ['A', 'B', 'E'],
      runtimeEnv: ['C', 'D'],
      queries: true,
      unresolved: ['include_str!($path)'],
      bakesPath: true,
      namesManifestDirectory: true,
    });
    expect(
      rustReferences('include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/x"))').bakesPath,
    ).toBeUndefined();
  });
});

describe('names of variables', () => {
  const namesOf = (source: string) => {
    const { names = [], runtimeEnv = [], compileEnv = [], anyEnv = false } = rustReferences(source);
    return { names, runtimeEnv, compileEnv, anyEnv };
  };
  const none = { names: [], runtimeEnv: [], compileEnv: [], anyEnv: false };

  it.each([
    ['env.or_default("RATE_LIMIT_PER_SECOND", 5)', { names: ['RATE_LIMIT_PER_SECOND'] }],
    ['env.required("rate"); "Rate_Limit"; "AB"; "RATE-LIMIT"', {}],
    ['#[arg(long, env = "LOG_FORMAT")] x: u8', { runtimeEnv: ['LOG_FORMAT'] }],
    ['env!("FLAVOUR"); var("GREETING")', { compileEnv: ['FLAVOUR'], runtimeEnv: ['GREETING'] }],
    ...[
      'std::env::vars_os().collect()',
      'for (k, v) in vars() {}',
      'std::env::var(name)',
      'env::var(&format!("{prefix}_URL"))',
      'names.iter().map(std::env::var)',
      '#[arg(long, env)] port: u16',
      'envy::from_env::<Config>()',
      'Environment::with_prefix("app")',
    ].map((source): [string, object] => [source, { anyEnv: true }]),
    ['fn var(name: &str) {} matrix.var(0); self.vars(); use std::env::var; foo(env)', {}],
  ])('%s', (source, expected) => {
    expect(namesOf(source)).toEqual({ ...none, ...expected });
  });
});

describe('scanCrate', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder('scan');
  });
  afterEach(() => folder.remove());

  const scan = (
    options: { otherRoots?: string[]; sourceFolders?: string[]; targetSources?: string[] } = {},
  ) => {
    const cache = ScanCache.open(folder.path, {});
    const at = (path: string) => join(folder.path, path);
    const result = scanCrate({
      root: at('crate'),
      targetSources: (options.targetSources ?? []).map(at),
      sourceFolders: options.sourceFolders,
      otherRoots: new Set((options.otherRoots ?? []).map(at)),
      repository: folder.path,
      cache,
    });
    cache.save();
    return result;
  };
  const files = ({ content }: CrateScan) =>
    Object.entries(content)
      .map(([file, hash]) => relative(folder.path, file) + (hash === 'missing' ? ' missing' : ''))
      .sort();

  it('follows what lies outside the crate, and nothing of other crates, output or packages', async () => {
    await writeFiles(folder.path, {
      'crate/src/lib.rs':
        'include_str!("../../shared/a.txt"); include_str!("gone.txt"); #[path = "../../shared/part.rs"] mod part; migrate!("../db");',
      'crate/nested/src/lib.rs': 'include_str!("x")',
      'crate/target/CACHEDIR.TAG': '',
      'crate/target/debug/build/gen.rs': '',
      'crate/node_modules/x/y.rs': '',
      'shared/a.txt': '',
      'shared/part.rs': 'mod inner; include_bytes!("b.bin");',
      'shared/inner.rs': '',
      'shared/b.bin': '',
      'shared/unrelated.rs': '',
      'db/1_x.sql': '',
      'db/deep/2_y.sql': '',
    });
    expect(files(scan({ otherRoots: ['crate/nested'] }))).toEqual([
      'crate/src/gone.txt missing',
      'crate/src/lib.rs',
      'db/1_x.sql',
      'db/deep/2_y.sql',
      'shared/a.txt',
      'shared/b.bin',
      'shared/inner.rs',
      'shared/part.rs',
    ]);
  });

  it('finds fixtures that a test reaches by climbing', async () => {
    await writeFiles(folder.path, {
      'crate/tests/a.rs':
        'let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("infra/init.sql"); read("../infra/other.sql"); "text/html";',
      'crate/tests/b.rs': 'Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("infra/third.sql");',
      'infra/init.sql': '',
      'infra/other.sql': '',
      'infra/third.sql': '',
    });
    const found = scan();
    expect(files(found)).toEqual([
      'crate/tests/a.rs',
      'crate/tests/b.rs',
      'infra/init.sql',
      'infra/other.sql',
      'infra/third.sql',
    ]);
    expect(found.bakesPath).toBe(false);
  });

  it('scans a root package only where its sources are, and targets wherever they are', async () => {
    await writeFiles(folder.path, {
      'crate/src/lib.rs': 'env!("CARGO_MANIFEST_DIR");',
      'crate/other/x.rs': '',
      'elsewhere/main.rs': 'env!("FLAVOUR")',
    });
    const found = scan({ sourceFolders: ['src'], targetSources: ['elsewhere/main.rs'] });
    expect(files(found)).toEqual(['crate/src/lib.rs', 'elsewhere/main.rs']);
    expect(found).toMatchObject({ compileEnv: ['FLAVOUR'], bakesPath: true });
  });

  it('counts what a build script reads at compile time', async () => {
    await writeFiles(folder.path, {
      'crate/build.rs': 'std::env::var("GIT_SHA"); std::env::var("OUT_DIR"); std::env::var("CARGO_PKG_NAME")',
      'crate/src/lib.rs': 'std::env::var("PORT")',
    });
    expect(scan()).toMatchObject({ compileEnv: ['GIT_SHA'], runtimeEnv: ['PORT'] });
  });

  it('takes texts for names of variables, at run time and in a build script', async () => {
    await writeFiles(folder.path, {
      'crate/build.rs': 'ask("GIT_SHA"); ask("TARGET"); std::env::vars();',
      'crate/src/lib.rs': 'env.required("LINKS_URL"); role("USER"); env.required("HOST"); join("PATH")',
      'crate/tests/a.rs': 'std::env::var("HOME")',
    });
    expect(scan()).toMatchObject({
      compileEnv: ['GIT_SHA'],
      runtimeEnv: ['HOME', 'HOST', 'LINKS_URL'],
      anyEnv: false,
    });
  });

  it('survives texts that are no path, and links in circles', async () => {
    const long = '../x'.repeat(3000);
    await writeFiles(folder.path, {
      'crate/src/lib.rs': `"../a\\0b"; "${long}"; "${'../n'.padEnd(400, 'n')}"; include_str!("\\0"); "../loop/x"; "\\u{FFFFFFFF}";`,
      'crate/a/one.txt': '',
      'crate/b/two.rs': '',
    });
    await symlink('loop', join(folder.path, 'loop'));
    await symlink('self', join(folder.path, 'crate/src/self'));
    await symlink('../b', join(folder.path, 'crate/a/to-b'));
    await symlink('../a', join(folder.path, 'crate/b/to-a'));
    const found = files(scan());
    expect(found).toEqual(
      expect.arrayContaining(['crate/src/lib.rs', 'crate/b/two.rs', 'crate/a/to-b/two.rs']),
    );
    expect(found.filter((file) => file.endsWith('two.rs')).length).toBeLessThan(5);
  });

  it('follows links, but not in circles', async () => {
    await writeFiles(folder.path, { 'crate/src/lib.rs': 'migrate!()', 'db/1_x.sql': '' });
    await symlink('../db', join(folder.path, 'crate/migrations'));
    await symlink('..', join(folder.path, 'db/up'));
    expect(files(scan())).toContain('crate/migrations/1_x.sql');
  });

  it('sees every change, although it keeps what it knows', async () => {
    await writeFiles(folder.path, { 'crate/src/lib.rs': 'include_str!("a.txt");', 'crate/src/a.txt': 'one' });
    const first = scan();
    expect(scan()).toEqual(first);
    await writeFiles(folder.path, { 'crate/src/a.txt': 'two' });
    const second = scan();
    expect(second.content).not.toEqual(first.content);
    await writeFiles(folder.path, { 'crate/src/lib.rs': 'include_str!("b.txt");' });
    expect(files(scan())).toEqual(['crate/src/b.txt missing', 'crate/src/lib.rs']);
    await rm(join(folder.path, 'crate/src/lib.rs'));
    expect(files(scan())).toEqual([]);
  });
});
