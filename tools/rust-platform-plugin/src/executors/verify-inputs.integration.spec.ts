import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readObservedInputs } from '../cargo/learned-inputs-observed';
import { collectMessages } from '../engines/cargo/diagnostics';
import { runCargo } from '../engines/cargo/run-cargo';
import { loadServiceModel } from '../service-model/load-service-model';
import { DEFAULT_OPTIONS } from '../service-model/platform-options';
import { crateManifest, writeCargoWorkspace, writeFiles, writeLock } from '../testing/cargo-workspace';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { verifyInputs, type Verified } from './verify-inputs';

jest.setTimeout(120_000);

const APP = crateManifest('app', '[dependencies]\nbase = { path = "../base" }\nmac = { path = "../mac" }\n');
const MAC = crateManifest('mac', '[lib]\nproc-macro = true\n');
/** What it expands to names a file and a variable that no text of any source does. */
const HIDING = `extern crate proc_macro;
#[proc_macro] pub fn hidden(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let (name, file) = (["HIDDEN", "FLAG"].join("_"), ["hid", "den"].concat());
    format!("(include_str!(\\"{}/../../shared/{file}.txt\\"), option_env!(\\"{name}\\"))", env!("CARGO_MANIFEST_DIR")).parse().unwrap()
}
#[proc_macro] pub fn place(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    format!("env!(\\"{}\\")", ["CARGO", "MANIFEST_DIR"].join("_")).parse().unwrap()
}`;

describe('verifyInputs', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder('verify');
    await writeCargoWorkspace(folder.path, {
      files: { 'shared/hidden.txt': 'x', 'shared/known.txt': 'x', '.gitignore': 'target\n*.local\n' },
      crates: {
        app: { 'Cargo.toml': APP, 'src/main.rs': 'fn main() {}' },
        base: { 'src/lib.rs': '' },
        mac: { 'Cargo.toml': MAC, 'src/lib.rs': HIDING },
      },
    });
  });
  afterEach(() => folder.remove());

  const write = (files: Record<string, string>) => writeFiles(join(folder.path, 'services'), files);
  const observed = () => readObservedInputs(join(folder.path, DEFAULT_OPTIONS.stateDirectory));

  async function verify(
    project = 'app',
    { args = ['build', '--release'], env = {} }: { args?: string[]; env?: NodeJS.ProcessEnv } = {},
    options = DEFAULT_OPTIONS,
  ): Promise<Verified> {
    const output = collectMessages();
    const cargo = [...args, '--offline', `-p=${project}`, '--message-format=json'];
    const cwd = join(folder.path, 'services');
    const result = await runCargo(cargo, { cwd, onLine: (line) => output.readLine(line) });
    if (result.exitCode !== 0) throw new Error(result.stderr);
    const model = await loadServiceModel({ workspaceRoot: folder.path, options });
    const crate = model.crates.find((each) => each.project === project);
    if (!crate) throw new Error(`${project} is no crate`);
    return verifyInputs({ workspaceRoot: folder.path, model, crate, options, output, env });
  }

  const GAP =
    'app was compiled from shared/hidden.txt, the variable HIDDEN_FLAG, which its key does not hold: rust-platform learn app';

  it('finds nothing where the key holds all: sources, includes, a build script, tests, clippy', async () => {
    await write({
      'app/src/main.rs':
        'mod a; fn main() { println!("{}{:?}", include_str!("../../../shared/known.txt"), option_env!("FLAVOUR")); }',
      'app/src/a.rs': 'const _: &str = env!("CARGO_MANIFEST_DIR"); const _: &str = env!("MADE");',
      'app/build.rs':
        'fn main() { println!("cargo::rerun-if-changed=../../shared"); println!("cargo::rerun-if-env-changed=MODE"); println!("cargo::rustc-env=MADE=1"); }',
      'app/tests/t.rs': '#[test] fn t() { include_str!("t.txt"); include_str!("../Cargo.toml"); }',
      'app/tests/t.txt': '',
      'base/src/lib.rs':
        'pub const A: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));',
      'base/README.md': '',
    });
    for (const args of [
      ['build', '--release'],
      ['test', '--no-run'],
      ['clippy', '--all-targets'],
    ]) {
      expect(await verify('app', { args, env: { CI: 'true' } })).toEqual({ unkept: [] });
    }
    expect(existsSync(join(folder.path, '.rust-platform'))).toBe(false);
  });

  it('names, keeps in mind and vetoes what the scan did not see; learned, it is in order', async () => {
    await write({ 'app/src/main.rs': 'fn main() { println!("{:?}", mac::hidden!()); }' });
    expect(await verify()).toEqual({ unkept: [GAP] });
    const found = { files: ['shared/hidden.txt'], environment: ['HIDDEN_FLAG'], settles: [] };
    expect(observed()).toEqual({ app: found });
    await writeFiles(folder.path, {
      'rust-inputs.json': JSON.stringify({ schemaVersion: 1, crates: { app: found } }),
    });
    expect(await verify('app', { env: { CI: 'true' } })).toEqual({ unkept: [] });
  });

  it('knows what a package that is no project reads outside its folder, as the keys do', async () => {
    const packages = {
      'Cargo.toml': crateManifest('extra'),
      'src/lib.rs':
        'pub const T: &str = include_str!("../../../shared/known.txt"); pub const D: &str = env!("CARGO_MANIFEST_DIR"); pub const V: Option<&str> = option_env!("FLAVOUR");',
    };
    for (const [name, text] of Object.entries(packages))
      await writeFiles(folder.path, { [`third_party/extra/${name}`]: text });
    await write({
      'app/Cargo.toml': crateManifest(
        'app',
        '[dependencies]\nmac = { path = "../mac" }\nextra = { path = "../../third_party/extra" }\n',
      ),
      'app/src/main.rs': 'fn main() { println!("{}{:?}", extra::T, (extra::D, extra::V)); }',
    });
    await writeLock(folder.path);
    const options = { ...DEFAULT_OPTIONS, exclude: ['third_party/**'] };
    expect(await verify('app', { env: { CI: 'true' } }, options)).toEqual({ unkept: [] });
    await write({ 'app/src/main.rs': 'fn main() { println!("{}{:?}", extra::T, mac::hidden!()); }' });
    expect(await verify('app', {}, options)).toEqual({ unkept: [GAP] });
  });

  it('fails for it in CI', async () => {
    await write({ 'app/src/main.rs': 'fn main() { println!("{:?}", mac::hidden!()); }' });
    const { failure, unkept } = await verify('app', { env: { CI: 'true' } });
    expect(unkept).toEqual([GAP]);
    expect(failure).toMatchObject({
      code: 'inputs-not-declared',
      exitCode: 1,
      why: 'app: shared/hidden.txt, the variable HIDDEN_FLAG',
      fix: ['rust-platform learn app', 'commit rust-inputs.json'],
    });
  });

  it('says whose gap it is, also when another crate was built', async () => {
    await write({
      'base/Cargo.toml': crateManifest('base', '[dependencies]\nmac = { path = "../mac" }\n'),
      'base/src/lib.rs': 'pub const A: (&str, Option<&str>) = mac::hidden!();',
    });
    await writeLock(folder.path);
    expect((await verify()).unkept).toEqual([GAP.replaceAll('app', 'base')]);
    expect(Object.keys(observed())).toEqual(['base']);
  });

  it('never fails for a crate that is not settled, and knows afterwards what settles it', async () => {
    await write({
      'app/src/main.rs':
        'macro_rules! text { ($($t:tt)*) => { include_str!($($t)*) } } fn main() { println!("{}", text!("../../../shared/hidden.txt")); }',
    });
    const reason = 'services/app/src/main.rs: include_str!($($t)*) names no path that can be read off';
    const first = await verify('app', { env: { CI: 'true' } });
    expect(first.failure).toBeUndefined();
    expect(first.unkept[0]).toBe(`the inputs of app are not settled: ${reason}`);
    expect(observed().app?.settles).toEqual([reason]);
    await writeFiles(folder.path, {
      'rust-inputs.json': JSON.stringify({ schemaVersion: 1, crates: observed() }),
    });
    expect(await verify('app', { env: { CI: 'true' } })).toEqual({ unkept: [] });
  });

  it('takes what a build script declares by computed lines', async () => {
    await write({
      'app/build.rs':
        'use std::env::args; fn main() { let at = format!("{}ared", args().map(|_| "../../sh").next().unwrap()); println!("cargo::rerun-if-changed={at}/hidden.txt"); let n = ["MO", "DE"].concat(); println!("cargo::rerun-if-env-changed={n}"); }',
    });
    const { unkept } = await verify();
    expect(unkept).toEqual([
      'the inputs of app are not settled: services/app/build.rs: "cargo::rerun-if-changed={at}/hidden.txt" names no path that can be read off',
      'app was compiled from shared/hidden.txt, the variable MODE, which its key does not hold: rust-platform learn app',
    ]);
    expect(observed().app?.settles).toHaveLength(1);
  });

  it('sees a folder that ends in the binary by a macro', async () => {
    await write({ 'app/src/main.rs': 'fn main() { println!("{}", mac::place!()); }' });
    expect((await verify()).unkept[0]).toContain('the variable CARGO_MANIFEST_DIR');
    await writeFiles(folder.path, {
      'rust-inputs.json': JSON.stringify({ schemaVersion: 1, crates: observed() }),
    });
    expect(await verify()).toEqual({ unkept: [] });
  });

  it('takes a file that git ignores for no input of its folder', async () => {
    await write({
      'mac/src/lib.rs': HIDING.replace('/../../shared/{file}.txt', '/../app/{file}.local').replace(
        'mac',
        'mac',
      ),
      'app/hidden.local': 'x',
      'app/src/main.rs': 'fn main() { println!("{:?}", mac::hidden!()); }',
    });
    expect((await verify()).unkept[0]).toContain('services/app/hidden.local');
  });

  it('vetoes what depends on git, and does not fail for it', async () => {
    await writeFiles(folder.path, { '.git/HEAD': 'ref: refs/heads/main\n' });
    await write({
      'app/build.rs':
        'fn main() { let at = [46u8, 103, 105, 116]; println!("cargo::rerun-if-changed=../../{}/HEAD", String::from_utf8_lossy(&at)); }',
    });
    const { unkept, failure } = await verify('app', { env: { CI: 'true' } });
    expect(unkept).toContain(
      'app depends on the state of git, which its key does not hold: rust-platform learn app',
    );
    expect(failure).toBeUndefined();
    expect(observed().app?.files).toEqual(['.git']);
  });

  it('keeps nothing that it cannot check', async () => {
    await verify();
    await rm(join(folder.path, 'services/target/release/deps'), { recursive: true });
    const output = collectMessages();
    output.readLine(
      JSON.stringify({
        reason: 'compiler-artifact',
        package_id: `path+file://${folder.path}/services/app#0.1.0`,
        manifest_path: join(folder.path, 'services/app/Cargo.toml'),
        target: { kind: ['bin'], name: 'app' },
        filenames: [join(folder.path, 'services/target/release/app')],
      }),
    );
    const model = await loadServiceModel({ workspaceRoot: folder.path, options: DEFAULT_OPTIONS });
    const crate = model.crates.find(({ project }) => project === 'app');
    if (!crate) throw new Error('app is no crate');
    const request = { workspaceRoot: folder.path, model, crate, options: DEFAULT_OPTIONS, output, env: {} };
    expect((await verifyInputs(request)).unkept).toEqual([
      'what app was compiled from is not known: rustc left no dep-info of app (bin)',
    ]);
  });
});
