import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { writeFiles } from '../../testing/write-files';
import { declaredInputs, type DeclaredInputs } from './declared-inputs';
import { ScanCache } from './scan-cache';
import type { ScannedCrate } from './scanned-crate';

const MANIFEST = '[package]\nname = "x"\nversion = "0.1.0"\n';
const MACRO = `${MANIFEST}[lib]\nproc-macro = true\n`;

describe('crates that run while others compile', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder('roles');
    await writeFiles(folder.path, { 'app/Cargo.toml': MANIFEST, 'app/src/lib.rs': '' });
  });
  afterEach(() => folder.remove());

  const crate = (project: string, dependencies: ScannedCrate['dependencies'] = []): ScannedCrate => ({
    project,
    root: project,
    cargoRoot: '.',
    dependencies,
  });
  const scan = (...crates: ScannedCrate[]): Map<string, DeclaredInputs> =>
    declaredInputs({
      workspaceRoot: folder.path,
      crates,
      env: {},
      cache: ScanCache.open(folder.path, {}),
      learned: {},
    });
  const reasons = (found: Map<string, DeclaredInputs>, project: string): string[] =>
    found.get(project)?.open.map(({ reason }) => reason) ?? [];

  it('counts what a procedural macro reads by plain names as input of its compilation', async () => {
    await writeFiles(folder.path, {
      'macros/Cargo.toml': MACRO,
      'macros/src/lib.rs':
        'pub fn x(_: TokenStream) -> TokenStream { let n = std::env::var("FLAVOUR"); let t = std::fs::read_to_string("data/flavours.txt"); t }',
      'data/flavours.txt': '',
    });
    const found = scan(crate('macros'), crate('app', [{ project: 'macros', kinds: ['normal'] }]));
    expect(reasons(found, 'macros')).toEqual([]);
    expect(found.get('macros')).toMatchObject({
      compileEnv: ['FLAVOUR'],
      runtimeEnv: [],
      readsUntracked: true,
    });
    expect(Object.keys(found.get('macros')?.content ?? {})).toContain(`${folder.path}/data/flavours.txt`);
    expect(found.get('app')).toMatchObject({ readsUntracked: false });
  });

  it('is not settled where a macro reads what it is given, nor where a crate does that it uses', async () => {
    await writeFiles(folder.path, {
      'macros/Cargo.toml': MACRO,
      'macros/src/lib.rs':
        'pub fn x(input: TokenStream) -> TokenStream { let lit = parse(input); let dir = std::env::var("CARGO_MANIFEST_DIR").unwrap(); std::fs::read(Path::new(&dir).join(lit.value())); std::env::var(lit.value()); }',
      'helper/Cargo.toml': MANIFEST,
      'helper/src/lib.rs': 'pub fn load(path: &Path) { std::fs::read_to_string(path); }',
    });
    const found = scan(crate('helper'), crate('macros', [{ project: 'helper', kinds: ['normal'] }]));
    expect(reasons(found, 'macros')).toEqual([
      'macros/src/lib.rs: std::fs::read(Path::new(&dir).join(lit.value())) names no path that can be read off',
      'macros/src/lib.rs: var(lit.value()) reads variables whose names cannot be read off',
    ]);
    expect(reasons(found, 'helper')).toEqual([
      'helper/src/lib.rs: std::fs::read_to_string(path) names no path that can be read off',
    ]);
    expect(found.get('macros')?.open.some(({ observable }) => observable)).toBe(false);
  });

  it('lets a library of build scripts read what they name, and counts its variables', async () => {
    await writeFiles(folder.path, {
      'helper/Cargo.toml': MANIFEST,
      'helper/src/lib.rs':
        'pub fn load(path: &Path) { std::fs::read_to_string(path); std::env::var("HELPER_MODE"); } fn other() { std::env::vars(); }',
    });
    const found = scan(crate('helper'), crate('app', [{ project: 'helper', kinds: ['build'] }]));
    expect(found.get('helper')).toMatchObject({ compileEnv: ['HELPER_MODE'] });
    expect(reasons(found, 'helper')).toEqual([
      'helper/src/lib.rs: vars() reads variables whose names cannot be read off',
    ]);
  });

  it('leaves crates alone that only run', async () => {
    await writeFiles(folder.path, {
      'helper/Cargo.toml': MANIFEST,
      'helper/src/lib.rs':
        'pub fn load(path: &Path) { std::fs::read(path); std::env::vars(); Command::new("make"); }',
    });
    const found = scan(crate('helper'), crate('app', [{ project: 'helper', kinds: ['normal', 'dev'] }]));
    expect(reasons(found, 'helper')).toEqual([]);
    expect(found.get('helper')).toMatchObject({ anyEnv: true });
  });
});
