import { copyFile, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../process/run';
import { crateManifest, writeCargoWorkspace, writeFiles } from '../../testing/cargo-workspace';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import type { CargoSetup } from './cargo-setup';
import { collectMessages } from './diagnostics';
import { distrustFreshAll, type CompileInputs, type DistrustSetup } from './distrust-fresh';

jest.setTimeout(120_000);

const OLD = new Date('2020-01-01T00:00:00Z');
const BASE = '[dependencies]\nbase = { path = "../base" }\n';
/** Reads a file and a variable, of which cargo takes no notice. */
const MACRO = `extern crate proc_macro;
#[proc_macro] pub fn flavour(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let file = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/flavour.txt")).unwrap();
    format!("{:?}", format!("{}{}", file, std::env::var("FLAVOUR").unwrap_or_default())).parse().unwrap()
}`;

/** Each case is one in which cargo by itself says fresh: the last expectation without `distrustFresh` fails. */
describe('distrustFresh and cargo', () => {
  let folder: TemporaryFolder;
  let inputs: CompileInputs;

  beforeEach(async () => {
    folder = await temporaryFolder('distrust');
    inputs = {};
    await writeCargoWorkspace(folder.path, {
      crates: {
        app: {
          'Cargo.toml': crateManifest('app', BASE),
          'src/main.rs': 'fn main() { print!("{}", base::text()); }',
        },
        other: {
          'Cargo.toml': crateManifest('other', BASE),
          'src/main.rs': 'fn main() { print!("{}", base::text()); }',
        },
        base: {
          'Cargo.toml': crateManifest('base', '[dependencies]\nmac = { path = "../mac" }\n'),
          'src/lib.rs': 'pub fn text() -> &\'static str { "one" }',
        },
        mac: {
          'Cargo.toml': crateManifest('mac', '[lib]\nproc-macro = true\n'),
          'src/lib.rs': MACRO,
          'flavour.txt': 'vanilla',
        },
      },
    });
  });
  afterEach(() => folder.remove());

  const services = (...path: string[]): string => join(folder.path, 'services', ...path);

  async function cargo(args: string[], env: Record<string, string> = {}) {
    const output = collectMessages();
    const result = await run('cargo', [...args, '--offline', '--message-format=json'], {
      cwd: services(),
      env,
      onLine: (line) => output.readLine(line),
    });
    if (result.exitCode !== 0) throw new Error(result.stderr);
    return output;
  }

  const setupOf = (name: string): DistrustSetup => ({
    workspaceRoot: folder.path,
    crate: { root: `services/${name}`, targetDirectory: services('target') } as CargoSetup['crate'],
    sources: [`services/${name}`, 'services/base', 'services/mac'],
    inputs,
  });

  async function compile(crates: string[], args: string[], env: Record<string, string> = {}) {
    const distrust = await distrustFreshAll(crates.map(setupOf), args[0] ?? '');
    const output = await cargo([...args, ...crates.map((name) => `-p=${name}`)], env);
    await distrust.remember(output);
    return output;
  }

  const says = async (name: string): Promise<string> =>
    (await run(services('target/debug', name), [])).stdout;
  const build = (env: Record<string, string> = {}, crates = ['app']) => compile(crates, ['build'], env);

  async function replace(path: string, text: string, time = OLD): Promise<void> {
    await writeFile(services(path), text);
    await utimes(services(path), time, time);
  }

  it('compiles nothing when nothing changed', async () => {
    await build();
    expect((await build()).artifacts.every(({ fresh }) => fresh)).toBe(true);
  });

  it('sees a source with an old time, of a path crate too', async () => {
    await build();
    await replace('base/src/lib.rs', 'pub fn text() -> &\'static str { "two" }');
    await cargo(['build', '-p=app']);
    expect(await says('app')).toBe('one');
    await build();
    expect(await says('app')).toBe('two');
  });

  it('sees it for all crates of one call', async () => {
    await build({}, ['app', 'other']);
    await replace('base/src/lib.rs', 'pub fn text() -> &\'static str { "two" }');
    await build({}, ['app', 'other']);
    expect([await says('app'), await says('other')]).toEqual(['two', 'two']);
  });

  it('sees a text that comes back with its old time after somebody else has compiled another', async () => {
    const first = await readFile(services('base/src/lib.rs'), 'utf8');
    await build();
    const { mtime } = await stat(services('base/src/lib.rs'));
    await writeFile(services('base/src/lib.rs'), first.replace('one', 'two'));
    await cargo(['build', '-p=app']);
    expect(await says('app')).toBe('two');
    await replace('base/src/lib.rs', first, mtime);
    await cargo(['build', '-p=app']);
    expect(await says('app')).toBe('two');
    await build();
    expect(await says('app')).toBe('one');
  });

  it('sees that clippy got settings', async () => {
    await writeFiles(services(), {
      'base/src/lib.rs':
        'pub fn text() -> &\'static str { "one" }\npub fn many(_: u8, _: u8, _: u8, _: u8) {}',
    });
    const lint = ['clippy', '--no-deps'];
    expect((await compile(['base'], lint)).warnings).toEqual([]);
    await writeFiles(folder.path, { 'clippy.toml': 'too-many-arguments-threshold = 2\n' });
    expect((await cargo([...lint, '-p=base'])).warnings).toEqual([]);
    expect((await compile(['base'], lint)).warnings.map(({ code }) => code)).toEqual([
      'clippy::too_many_arguments',
    ]);
  });

  it('sees a file and a variable that a macro reads, as far as it is told of them', async () => {
    await writeFiles(services(), { 'base/src/lib.rs': "pub fn text() -> &'static str { mac::flavour!() }" });
    inputs = { 'services/mac': { file: 'vanilla', variable: '' } };
    await build();
    expect(await says('app')).toBe('vanilla');
    await writeFile(services('mac/flavour.txt'), 'lemon');
    await cargo(['build', '-p=app']);
    expect(await says('app')).toBe('vanilla');
    inputs = { 'services/mac': { file: 'lemon', variable: '' } };
    await build();
    expect(await says('app')).toBe('lemon');
    await cargo(['build', '-p=app'], { FLAVOUR: '!' });
    expect(await says('app')).toBe('lemon');
    inputs = { 'services/mac': { file: 'lemon', variable: '!' } };
    await build({ FLAVOUR: '!' });
    expect(await says('app')).toBe('lemon!');
  });

  it('sees that a file of flags changed', async () => {
    await writeFiles(services(), {
      'base/src/lib.rs': 'pub fn text() -> &\'static str { if cfg!(two) { "two" } else { "one" } }',
      flags: '--cfg=one',
    });
    const env = { RUSTFLAGS: '@flags' };
    inputs = { '*': { '@flags': '1' } };
    await build(env);
    await writeFile(services('flags'), '--cfg=two');
    await cargo(['build', '-p=app'], env);
    expect(await says('app')).toBe('one');
    inputs = { '*': { '@flags': '2' } };
    await build(env);
    expect(await says('app')).toBe('two');
    expect((await build(env)).artifacts.every(({ fresh }) => fresh)).toBe(true);
  });

  it('sees that somebody has written over a program', async () => {
    await build();
    await copyFile('/bin/true', services('target/debug/app'));
    await cargo(['build', '-p=app']);
    expect(await says('app')).toBe('');
    await build();
    expect(await says('app')).toBe('one');
    await rm(services('target/debug/app'));
    expect((await build()).artifacts.filter(({ name }) => name === 'base')).toMatchObject([{ fresh: true }]);
  });
});
