import { chmod, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../process/run';
import { crateManifest, writeCargoWorkspace, writeFiles, writeLock } from '../../../testing/cargo-workspace';
import { temporaryFolder, type TemporaryFolder } from '../../../testing/temporary-folder';
import type { CargoCrate } from '../cargo-setup';
import { groupCrates, type CrateGroup, type GroupRequest } from './group-crates';

jest.setTimeout(120_000);

const LIB = { 'src/lib.rs': 'pub fn one() -> u8 {\n    1\n}\n' };
const crate = (name: string, more = '', files: Record<string, string> = {}): Record<string, string> => ({
  ...LIB,
  'Cargo.toml': crateManifest(name, more),
  ...files,
});
const uses = (name: string, more = ''): string => `${name} = { path = "../${name}"${more} }\n`;
const X = ', features = ["x"]';
const S = crate('s', '[features]\nx = []\ny = []\n', {
  'src/lib.rs': '#[cfg(feature = "x")]\npub fn x() {}\n',
});

describe('groupCrates', () => {
  let folder: TemporaryFolder;
  let root: string;

  beforeEach(async () => {
    folder = await temporaryFolder('group');
    root = folder.path;
  });
  afterEach(() => folder.remove());

  const cargoCrate = (name: string): CargoCrate => ({
    project: name,
    packageName: name,
    root: `services/${name}`,
    manifest: `services/${name}/Cargo.toml`,
    cargoRoot: 'services',
    targetDirectory: join(root, 'services/target'),
    binaries: [],
    hasLibrary: true,
    hasDoctests: false,
  });

  const ORDERS = {
    clippy: ['--all-targets', '--no-deps', '--message-format=json'],
    check: ['--all-targets'],
    test: ['--no-run'],
    build: ['--release', '--lib'],
  };
  const group = (
    names: string[],
    subcommand: GroupRequest['subcommand'] = 'clippy',
    env: GroupRequest['env'] = {},
  ): Promise<CrateGroup[]> =>
    groupCrates({
      workspaceRoot: root,
      crates: names.map(cargoCrate),
      subcommand,
      args: ORDERS[subcommand],
      env,
    });
  const namesOf = (groups: CrateGroup[]): string[] =>
    groups
      .map(({ crates }) =>
        crates
          .map(({ packageName }) => packageName)
          .sort()
          .join(' '),
      )
      .sort();
  const reasonsOf = (groups: CrateGroup[]): string[] => groups.flatMap(({ reason = [] }) => reason);

  const resolver1 = (...members: string[]): Record<string, string> => ({
    'services/Cargo.toml': `[workspace]\nresolver = "1"\nmembers = ${JSON.stringify(members)}\n`,
  });

  /** Puts a cargo before the real one that writes down its calls, and does what the shell text says before. */
  async function watchedCargo(
    before = '',
  ): Promise<{ env: Record<string, string>; calls(): Promise<string[]> }> {
    const stub = `#!/bin/sh\n[ "$1" = rustc ] || echo "$@" >> ${root}/calls\n${before}\nPATH="$REAL_PATH" exec cargo "$@"\n`;
    await writeFiles(root, { 'bin/cargo': stub, calls: '' });
    await chmod(join(root, 'bin/cargo'), 0o755);
    const path = process.env['PATH'] ?? '';
    return {
      env: { PATH: `${root}/bin:${path}`, REAL_PATH: path },
      calls: async () => {
        const text = await readFile(join(root, 'calls'), 'utf8');
        await writeFiles(root, { calls: '' });
        const lines = text.split('\n');
        // Planning must not download what only other crates of the workspace need.
        for (const line of lines.filter((each) => each.startsWith('metadata')))
          expect(line).toContain('--offline');
        return lines.filter((line) => line.includes('--unit-graph'));
      },
    };
  }

  it('keeps crates together that get the same features', async () => {
    const crates = { kit: LIB, a: crate('a', `[dependencies]\n${uses('kit')}`), b: LIB };
    await writeCargoWorkspace(root, { crates });
    for (const subcommand of ['clippy', 'check', 'test', 'build'] as const) {
      expect(await group(['a', 'b', 'kit'], subcommand)).toEqual([
        { crates: ['a', 'b', 'kit'].map(cargoCrate) },
      ]);
    }
  });

  it('takes a crate out that compiles only because another one asks for a feature, and says which', async () => {
    const forgets = crate('b', `[dependencies]\n${uses('s')}`, { 'src/lib.rs': 'pub use s::x;\n' });
    const crates = { a: crate('a', `[dependencies]\n${uses('s', X)}`), b: forgets, c: LIB, s: S };
    await writeCargoWorkspace(root, { crates });
    const check = async (...names: string[]): Promise<number | undefined> =>
      (await run('cargo', ['check', ...names.map((name) => `-p=${name}`)], { cwd: join(root, 'services') }))
        .exitCode;
    expect([await check('b'), await check('a', 'b')]).toEqual([101, 0]);
    for (const subcommand of ['clippy', 'check', 'test', 'build'] as const) {
      const groups = await group(['a', 'b', 'c'], subcommand);
      expect(namesOf(groups)).toEqual(['a c', 'b']);
      expect(reasonsOf(groups)).toEqual(['a gives s the feature x, which b does not get alone']);
    }
    // s is a library that a alone gives a feature: it is itself a victim.
    expect(namesOf(await group(['a', 'b', 'c', 's']))).toEqual(['a c', 'b s']);
  });

  it('sees a feature that is on only because the crate itself is selected', async () => {
    const kit = crate('kit', '[features]\ndefault = ["z"]\nz = []\n');
    const a = crate('a', `[dependencies]\n${uses('kit', ', default-features = false')}`);
    await writeCargoWorkspace(root, { crates: { a, kit } });
    const groups = await group(['a', 'kit']);
    expect(namesOf(groups)).toEqual(['a', 'kit']);
    expect(reasonsOf(groups)[0]).toBe(
      'kit has the features default, z of its own, which a does not get alone',
    );
  });

  it('tells the features of build scripts from those of programs, which resolver 1 does not', async () => {
    const a = crate('a', `[build-dependencies]\n${uses('s', X)}`, { 'build.rs': 'fn main() {}\n' });
    const crates = { a, b: crate('b', `[dependencies]\n${uses('s')}`), s: S };
    await writeCargoWorkspace(root, { crates });
    expect(namesOf(await group(['a', 'b']))).toEqual(['a b']);
    await writeFiles(root, resolver1('a', 'b', 's'));
    expect(namesOf(await group(['a', 'b']))).toEqual(['a', 'b']);
  });

  it('notices what resolver 1 unifies without compiling it', async () => {
    const windows = `[target.'cfg(windows)'.dependencies]\n${uses('s', X)}`;
    const a = crate('a', `[dependencies]\n${uses('s')}`);
    const crates = { a, b: crate('b', windows), c: crate('c', `[dependencies]\n${uses('s')}`), s: S };
    await writeCargoWorkspace(root, { crates });
    expect(namesOf(await group(['a', 'b', 'c'], 'build'))).toEqual(['a b c']);
    await writeFiles(root, resolver1('a', 'b', 'c', 's'));
    const groups = await group(['a', 'b', 'c'], 'build');
    expect(namesOf(groups)).toEqual(['a c', 'b']);
    expect(reasonsOf(groups)[0]).toMatch(/^together with .* features that .* does not get alone$/u);
  });

  it('compares for lints what our crates can name, for tests and programs everything', async () => {
    const shop = join(root, 'shop');
    await writeFiles(shop, {
      'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["s", "m", "n"]\n',
      's/Cargo.toml': S['Cargo.toml'] as string,
      's/src/lib.rs': '',
      'm/Cargo.toml': crateManifest('m', `[dependencies]\n${uses('s')}`),
      'm/src/lib.rs': '',
      'n/Cargo.toml': crateManifest('n', `[dependencies]\n${uses('s', X)}`),
      'n/src/lib.rs': '',
    });
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: shop });
    await git('init', '-q');
    await git('add', '.');
    await git('commit', '-qm', 'all');
    const from = (name: string): string => `[dependencies]\n${name} = { git = "file://${shop}" }\n`;
    await writeCargoWorkspace(root, {
      crates: { a: crate('a', from('m')), b: crate('b', from('n')) },
      lock: false,
    });
    const env = { CARGO_HOME: join(root, 'cargo-home') };
    await run('cargo', ['generate-lockfile'], { cwd: join(root, 'services'), env });
    expect(namesOf(await group(['a', 'b'], 'clippy', env))).toEqual(['a b']);
    const tests = await group(['a', 'b'], 'test', env);
    expect(namesOf(tests)).toEqual(['a', 'b']);
    expect(reasonsOf(tests)).toEqual([
      expect.stringContaining('b gives s the feature x, which a does not get alone'),
    ]);
  });

  it('asks cargo once for many crates, and again only for those that a change concerns', async () => {
    const crates = { a: crate('a', `[dependencies]\n${uses('kit')}`), b: LIB, kit: LIB, s: S };
    await writeCargoWorkspace(root, { crates });
    const { env, calls } = await watchedCargo();
    await group(['a', 'b', 'kit'], 'clippy', env);
    expect(await calls()).toHaveLength(1);
    await group(['a', 'b', 'kit'], 'clippy', env);
    expect(await calls()).toEqual([]);
    await writeFiles(root, { 'services/kit/Cargo.toml': crateManifest('kit', '# more\n') });
    await group(['a', 'b', 'kit'], 'clippy', env);
    const again = (await calls()).map((line) => line.match(/-p=\w+/gu)?.join(' '));
    expect(again.sort()).toEqual(['-p=a', '-p=a -p=b -p=kit', '-p=kit']);
    await writeFiles(root, {
      'services/b/Cargo.toml': crateManifest('b', `[dependencies]\n${uses('s', X)}`),
    });
    await writeLock(root);
    await group(['a', 'b', 'kit'], 'clippy', env);
    // Another lock concerns all.
    expect(await calls()).toHaveLength(1);
  });

  it('asks cargo once per group where features differ, not for each crate', async () => {
    const asks = (more: string) => (name: string) => [
      name,
      crate(name, `[dependencies]\n${uses('s', more)}`),
    ];
    const plain = ['a', 'b', 'c', 'd'];
    const withX = ['p', 'q', 'r'];
    const crates = Object.fromEntries([...plain.map(asks('')), ...withX.map(asks(X)), ['s', S]]) as Record<
      string,
      Record<string, string>
    >;
    await writeCargoWorkspace(root, { crates });
    const { env, calls } = await watchedCargo();
    expect(namesOf(await group([...plain, ...withX], 'clippy', env))).toEqual(['a b c d', 'p q r']);
    const asked = (await calls()).map((line) => (line.match(/-p=\w+/gu) ?? []).length);
    // Of all crates those with x are settled already.
    expect(asked).toEqual([7, 4, 3]);
    expect(namesOf(await group([...plain, ...withX], 'clippy', env))).toEqual(['a b c d', 'p q r']);
    expect(await calls()).toEqual([]);
  });

  it('asks for each crate where metadata cannot be had', async () => {
    await writeCargoWorkspace(root, { crates: { a: LIB, b: LIB, c: LIB } });
    const { env, calls } = await watchedCargo('[ "$1" = metadata ] && exit 101');
    expect(namesOf(await group(['a', 'b', 'c'], 'clippy', env))).toEqual(['a b c']);
    expect(await calls()).toHaveLength(4);
  });

  it('asks again when the first test brings in what only tests need', async () => {
    const b = crate('b', `[lib]\ntest = false\ndoctest = false\n[dev-dependencies]\n${uses('s')}`);
    const crates = { a: crate('a', `[dependencies]\n${uses('s', X)}`), b, s: S };
    await writeCargoWorkspace(root, { crates });
    expect(namesOf(await group(['a', 'b'], 'test'))).toEqual(['a b']);
    await writeFiles(root, { 'services/b/tests/api.rs': '' });
    expect(namesOf(await group(['a', 'b'], 'test'))).toEqual(['a', 'b']);
  });

  it('leaves no answer of its planning where a build would believe it', async () => {
    await writeCargoWorkspace(root, { crates: { a: LIB, b: LIB } });
    await group(['a', 'b']);
    const target = join(root, 'services/target');
    await expect(readFile(join(target, '.rustc_info.json'))).rejects.toThrow('ENOENT');
    expect(await readFile(join(target, 'CACHEDIR.TAG'), 'utf8')).toMatch(/^Signature: 8a477f59/u);
  });

  it('puts each apart when cargo does not tell', async () => {
    await writeCargoWorkspace(root, { crates: { a: LIB, b: LIB } });
    const { env } = await watchedCargo(
      'case "$*" in *unit-graph*) echo "error: unknown option" >&2; exit 1;; esac',
    );
    const groups = await group(['a', 'b'], 'clippy', env);
    expect(groups.map(({ crates }) => crates.length)).toEqual([1, 1]);
    expect(reasonsOf(groups)).toEqual([
      'cargo does not tell which features it would share with them (unknown option)',
    ]);
    const other = await watchedCargo('case "$*" in *unit-graph*) echo "{\\"version\\":9}"; exit 0;; esac');
    expect(reasonsOf(await group(['a', 'b'], 'clippy', other.env))[0]).toContain('the form 9');
  });

  it('puts each apart without Cargo.lock, and asks nobody for a single crate', async () => {
    await writeCargoWorkspace(root, { crates: { a: LIB, b: LIB }, lock: false });
    const { env, calls } = await watchedCargo();
    expect(namesOf(await group(['a', 'b'], 'clippy', env))).toEqual(['a', 'b']);
    expect(await group(['a'], 'clippy', env)).toEqual([{ crates: [cargoCrate('a')] }]);
    expect(await calls()).toEqual([]);
  });

  it('says at once that the lock is stale', async () => {
    await writeCargoWorkspace(root, { crates: { a: LIB, b: LIB, s: S } });
    await writeFiles(root, { 'services/b/Cargo.toml': crateManifest('b', `[dependencies]\n${uses('s')}`) });
    await expect(group(['a', 'b'])).rejects.toMatchObject({ code: 'stale-lock' });
  });

  it('gives up nothing for a damaged memory', async () => {
    await writeCargoWorkspace(root, { crates: { a: LIB, b: LIB } });
    await group(['a', 'b']);
    const plans = join(root, 'services/target/rust-platform/plans');
    await run('sh', ['-c', `for f in ${plans}/*; do echo '{' > "$f"; done`]);
    expect(namesOf(await group(['a', 'b']))).toEqual(['a b']);
    await rm(plans, { recursive: true });
    await writeFiles(join(root, 'services/target/rust-platform'), { plans: 'a file' });
    expect(namesOf(await group(['a', 'b']))).toEqual(['a b']);
  });
});
