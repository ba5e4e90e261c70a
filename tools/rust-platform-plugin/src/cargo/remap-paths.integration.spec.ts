import { createHash } from 'node:crypto';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process/run';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { writeFiles } from '../testing/write-files';
import { readCargoConfig } from './cargo-config';
import { exactEnvironment } from './exact-environment';
import { remapPaths, type RemappedPaths } from './remap-paths';

/** A registry crate whose panics name its sources, a build script's output, and a debugger's paths. */
const SOURCES = {
  'rust/Cargo.toml':
    '[workspace]\nresolver = "3"\nmembers = ["app", "lib"]\n[profile.release]\ndebug = 1\nstrip = false\n',
  'rust/app/Cargo.toml':
    '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\nlib = { path = "../lib" }\nbytes = "=1.10.1"\n',
  'rust/app/build.rs': `fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{out}/made.rs"), "pub fn made(x: Option<u8>) -> u8 { x.unwrap() }").unwrap();
}`,
  'rust/app/src/main.rs': `mod made { include!(concat!(env!("OUT_DIR"), "/made.rs")); }
use bytes::Buf;
fn main() {
    let n = std::env::args().count();
    let mut b = bytes::Bytes::from(vec![1u8; n]);
    b.advance(n * 2);
    println!("{} {} {}", lib::at(n), b.get_u64(), made::made((n > 3).then_some(1)));
}`,
  'rust/lib/Cargo.toml': '[package]\nname = "lib"\nversion = "0.1.0"\nedition = "2024"\n',
  'rust/lib/src/lib.rs': 'pub fn at(n: usize) -> u8 { vec![1u8, 2, 3][n] }\n',
};

let base: TemporaryFolder;
let home: string;
beforeAll(async () => {
  base = await temporaryFolder('remap');
  home = join(base.path, 'home');
  await writeFiles(join(base.path, 'first'), SOURCES);
  const lock = await cargo(place('first'), ['generate-lockfile'], { CARGO_HOME: home });
  expect(lock).toMatchObject({ exitCode: 0 });
}, 60_000);
afterAll(() => base.remove());

interface Place {
  root: string;
  cargoRoot: string;
}

function place(name: string): Place {
  const root = join(base.path, name);
  return { root, cargoRoot: join(root, 'rust') };
}

function remap({ root, cargoRoot }: Place, env: NodeJS.ProcessEnv): RemappedPaths {
  const targetDirectory = env['CARGO_TARGET_DIR'] ?? join(cargoRoot, 'target');
  return remapPaths({
    workspaceRoot: root,
    cargoRoot,
    targetDirectory,
    env,
    configs: readCargoConfig(cargoRoot, env),
  });
}

function cargo({ cargoRoot }: Place, args: string[], env: NodeJS.ProcessEnv) {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/RUSTFLAGS$|^CARGO_(HOME|BUILD|TARGET|PROFILE)/.test(name),
    ),
  );
  return run('cargo', args, {
    cwd: cargoRoot,
    env: exactEnvironment({ ...clean, ...env }),
    timeoutMs: 300_000,
  });
}

async function build(where: Place, env: NodeJS.ProcessEnv, { plain = false } = {}) {
  const { args, env: more } = plain ? { args: [], env: {} } : remap(where, env);
  const result = await cargo(where, ['build', '--release', '--locked', '-v', ...args], { ...env, ...more });
  expect(result).toMatchObject({ exitCode: 0 });
  const target = env['CARGO_TARGET_DIR'] ?? join(where.cargoRoot, 'target');
  const bytes = await readFile(join(target, 'release/app'));
  return { compiled: (result.stderr.match(/^ +Compiling/gm) ?? []).length, bytes, stderr: result.stderr };
}

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('two folders, two CARGO_HOMEs and two target directories give the same bytes, which name none of them', async () => {
  await cp(place('first').root, place('second/and deeper').root, { recursive: true });
  const other = join(base.path, 'other-home');
  await mkdir(other);
  const first = await build(place('first'), { CARGO_HOME: home });
  const second = await build(place('second/and deeper'), { CARGO_HOME: other });
  const third = await build(place('first'), {
    CARGO_HOME: home,
    CARGO_TARGET_DIR: join(base.path, 'target'),
  });
  expect(sha(second.bytes)).toBe(sha(first.bytes));
  expect(sha(third.bytes)).toBe(sha(first.bytes));
  expect(first.bytes.includes(base.path)).toBe(false);
  // The paths are there, only without the machine: panics still say where.
  expect(first.bytes.includes('/cargo/registry/src/')).toBe(true);
  expect(first.bytes.includes('./rust/target/release/build/app-')).toBe(true);
}, 300_000);

test('a plain cargo build beside it and ours do not rebuild what the other made', async () => {
  const env = { CARGO_HOME: home };
  await build(place('first'), env);
  const plain = await build(place('first'), env, { plain: true });
  expect(plain.bytes.includes(base.path)).toBe(true);
  expect((await build(place('first'), env)).compiled).toBe(0);
  expect((await build(place('first'), env, { plain: true })).compiled).toBe(0);
}, 300_000);

describe('no flag of the user is replaced', () => {
  const LINUX = 'x86_64-unknown-linux-gnu';
  const cases: Array<[string, { config?: string; env?: NodeJS.ProcessEnv; user: string[] }]> = [
    ['none', { user: [] }],
    ['build.rustflags', { config: '[build]\nrustflags = ["--cfg=a"]', user: ['a'] }],
    ['build.rustflags in one text', { config: '[build]\nrustflags = "--cfg=a --cfg=b"', user: ['a', 'b'] }],
    ['a cfg', { config: `[target.'cfg(target_os = "linux")']\nrustflags = ["--cfg=a"]`, user: ['a'] }],
    [
      'a cfg that does not hold',
      {
        config: `[target.'cfg(windows)']\nrustflags = ["--cfg=w"]\n[build]\nrustflags = ["--cfg=a"]`,
        user: ['a'],
      },
    ],
    [
      'no flags for the target',
      { config: `[target.${LINUX}]\nrustflags = []\n[build]\nrustflags = ["--cfg=a"]`, user: ['a'] },
    ],
    [
      'RUSTFLAGS',
      {
        config: '[build]\nrustflags = ["--cfg=b"]',
        env: { RUSTFLAGS: ' --cfg=a  --cfg=c' },
        user: ['a', 'c'],
      },
    ],
    ['an empty RUSTFLAGS', { config: '[build]\nrustflags = ["--cfg=b"]', env: { RUSTFLAGS: '' }, user: [] }],
    [
      'encoded flags',
      { env: { CARGO_ENCODED_RUSTFLAGS: '--cfg\u001fa', RUSTFLAGS: '--cfg=b' }, user: ['a'] },
    ],
    [
      'CARGO_BUILD_RUSTFLAGS',
      {
        config: '[build]\nrustflags = ["--cfg=a"]',
        env: { CARGO_BUILD_RUSTFLAGS: '--cfg=b' },
        user: ['a', 'b'],
      },
    ],
  ];
  if (process.platform === 'linux' && process.arch === 'x64') {
    cases.push(
      ['a triple', { config: `[target.${LINUX}]\nrustflags = ["--cfg=a"]`, user: ['a'] }],
      [
        'a triple and a cfg',
        {
          config: `[target.${LINUX}]\nrustflags = "--cfg=a"\n[target.'cfg(unix)']\nrustflags = ["--cfg=b"]`,
          user: ['a', 'b'],
        },
      ],
      [
        'a variable of the target',
        {
          config: '[build]\nrustflags = ["--cfg=b"]',
          env: { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS: '--cfg=a' },
          user: ['a'],
        },
      ],
    );
  }

  test.each(cases)('%s', async (name, { config = '', env = {}, user }) => {
    const where = place(`flags/${name.replace(/\W+/g, '-')}`);
    await writeFiles(where.root, {
      'rust/Cargo.toml': '[package]\nname = "p"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n',
      'rust/Cargo.lock': 'version = 4\n\n[[package]]\nname = "p"\nversion = "0.1.0"\n',
      'rust/src/main.rs': 'fn main() {}\n',
      'rust/.cargo/config.toml': config,
    });
    const all = { CARGO_HOME: home, ...env };
    const { args, env: more, unmapped } = remap(where, all);
    const result = await cargo(where, ['check', '--release', '-v', ...args], { ...all, ...more });
    expect(result).toMatchObject({ exitCode: 0 });
    const line = /Running `.*--crate-name p .*/.exec(result.stderr)?.[0] ?? '';
    expect([...line.matchAll(/--cfg[= ]'?([a-z])\b/g)].map(([, flag]) => flag).sort()).toEqual(user);
    expect(line).toContain(`--remap-path-prefix=${where.root}=.`);
    expect(unmapped).toEqual([]);
  });

  test('a mapping of the user wins, and what is left unmapped is told', async () => {
    const where = place('mapped');
    const ask = (config: string, env: NodeJS.ProcessEnv = {}) =>
      remapPaths({
        workspaceRoot: where.root,
        cargoRoot: where.cargoRoot,
        targetDirectory: join(where.cargoRoot, 'target'),
        env: { CARGO_HOME: home, ...env },
        configs: [{ file: join(where.cargoRoot, '.cargo/config.toml'), text: config }],
      });
    const above = ask(`[build]\nrustflags = ["--remap-path-prefix", "${base.path}=/mine"]`);
    expect(above.args.join()).not.toContain(where.root);
    expect(above.unmapped).toEqual([]);
    const below = ask(`[build]\nrustflags = ["--remap-path-prefix=${where.root}/vendor=/v"]`);
    expect(below.args.join()).not.toContain(`${where.root}=`);
    expect(below.unmapped).toEqual([expect.stringContaining('only a part of it (vendor)')]);
    const given = ask('', { RUSTFLAGS: `--remap-path-prefix=${where.root}/vendor=/v` });
    expect(given.env['CARGO_ENCODED_RUSTFLAGS']?.split('\u001f').at(-1)).toMatch(/vendor=\/v$/);
    expect(given.unmapped).toEqual([]);
  });

  test('trim-paths is left to cargo; one text cannot name a folder with a space', () => {
    const request = (root: string, text: string, manifest = '') => ({
      workspaceRoot: root,
      cargoRoot: root,
      targetDirectory: join(root, 'target'),
      env: { CARGO_HOME: '/home/me/.cargo' },
      configs: [{ file: `${root}/.cargo/config.toml`, text }],
      manifest,
    });
    const trimmed = remapPaths(request('/home/me/ws', '', '[profile.release]\ntrim-paths = "object"\n'));
    expect(trimmed).toEqual({ args: [], env: {}, unmapped: [] });
    const spaced = remapPaths(request('/home/me/my ws', '[build]\nrustflags = "--cfg=a"'));
    expect(spaced.args).toEqual([]);
    expect(spaced.unmapped).toEqual(['build.rustflags is one text, which cannot name a folder with a space']);
  });
});
