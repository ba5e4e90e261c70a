import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { LAYOUTS } from '../testing/cargo-layouts';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { binary, library, writeFiles } from '../testing/write-files';
import type { CargoPackage, CargoWorkspace } from './cargo-workspace';
import { listManifests } from './list-manifests';
import { installedToolchains } from './toolchain';
import { locateExecutable } from './locate-executable';
import { readCargoWorkspaces, type CargoReading, relativeTo } from './read-cargo-workspaces';

jest.setTimeout(120_000);

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await temporaryFolder('cargo');
});
afterEach(() => folder.remove());

const NO_CARGO = { ...process.env, PATH: '/nonexistent' };

async function read(env: NodeJS.ProcessEnv = process.env, exclude: string[] = []): Promise<CargoReading> {
  const manifests = listManifests(folder.path);
  return readCargoWorkspaces({ workspaceRoot: folder.path, manifests, env, exclude });
}

/** Everything but who said it, in an order of our own. */
function comparable(workspaces: CargoWorkspace[]) {
  const sorted = <T>(items: T[]) =>
    [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return workspaces.map(({ root, targetDirectory, lockFile, packages }) => ({
    root,
    targetDirectory,
    lockFile,
    packages: packages.map(({ targets, dependencies, ...rest }) => ({
      ...rest,
      targets: sorted(targets),
      dependencies: sorted(dependencies),
    })),
  }));
}

const names = (reading: CargoReading) =>
  reading.workspaces.map(({ root, packages }) => ({
    root: relative(folder.path, root),
    packages: packages.map(({ name }) => name).sort(),
  }));

describe('the manifests give the same answer as cargo', () => {
  it.each(Object.keys(LAYOUTS))('%s', async (layout) => {
    await writeFiles(folder.path, LAYOUTS[layout] ?? {});
    const byCargo = await read();
    const byManifests = await read(NO_CARGO);
    expect(byCargo.problems).toEqual([]);
    expect(byCargo.workspaces.map(({ source, problem }) => ({ source, problem }))).toEqual(
      byCargo.workspaces.map(() => ({ source: 'cargo', problem: undefined })),
    );
    expect(byManifests.workspaces.every(({ source }) => source === 'manifests')).toBe(true);
    expect(comparable(byManifests.workspaces)).toEqual(comparable(byCargo.workspaces));
  });
});

describe('which manifests are crates', () => {
  const packagesOf = async (layout: string) => {
    await writeFiles(folder.path, LAYOUTS[layout] ?? {});
    return names(await read());
  };

  it('finds every workspace of the repository', async () => {
    expect(await packagesOf('several workspaces')).toEqual([
      { root: 'one', packages: ['a', 'b'] },
      { root: 'two', packages: ['c', 'd'] },
    ]);
  });

  it('takes an excluded crate as a workspace of its own', async () => {
    expect(await packagesOf('excluded and nested members')).toEqual([
      { root: '', packages: ['nested', 'outer'] },
      { root: 'crates/apart', packages: ['apart'] },
      { root: 'legacy/old', packages: ['old'] },
    ]);
  });

  it('leaves fixtures, templates and unlisted crates alone, and says why', async () => {
    expect(await packagesOf('fixtures and templates')).toEqual([{ root: '', packages: ['app'] }]);
    const { leftAlone, problems } = await read();
    expect(leftAlone.map(({ manifest, reason }) => `${relative(folder.path, manifest)}: ${reason}`)).toEqual([
      'app/fixtures/broken/Cargo.toml: test data or a template',
      'app/tests/ui/sample/Cargo.toml: test data or a template',
      'forgotten/Cargo.toml: Cargo.toml is above it and neither lists nor excludes it',
      'templates/service/Cargo.toml: test data or a template',
    ]);
    expect(problems).toEqual([]);
  });

  it('follows exclude globs of the plugin options', async () => {
    await writeFiles(folder.path, LAYOUTS['several workspaces'] ?? {});
    expect(names(await read(process.env, ['two/**']))).toEqual([{ root: 'one', packages: ['a', 'b'] }]);
    expect(names(await read(process.env, ['two/c']))).toEqual([
      { root: 'one', packages: ['a', 'b'] },
      { root: 'two', packages: ['d'] },
    ]);
  });

  it('drops members that Nx does not see', async () => {
    await writeFiles(folder.path, { ...LAYOUTS['several workspaces'], '.nxignore': 'one/b\n' });
    expect(names(await read())[0]).toEqual({ root: 'one', packages: ['a'] });
  });
});

describe('trouble', () => {
  const WORKSPACE = {
    'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["good", "bad"]\n',
    ...library('good', 'good'),
    ...library('bad', 'bad'),
  };

  it('keeps every good crate when one manifest is no TOML, and names file and line', async () => {
    await writeFiles(folder.path, {
      ...WORKSPACE,
      'bad/Cargo.toml': '[package]\nname = "bad"\nversion = \n',
    });
    const reading = await read();
    expect(names(reading)).toEqual([{ root: '', packages: ['good'] }]);
    expect(reading.problems).toMatchObject([
      { code: 'manifest-unreadable', file: join(folder.path, 'bad/Cargo.toml'), line: 3 },
    ]);
  });

  it('keeps every good crate when the root manifest is no TOML', async () => {
    await writeFiles(folder.path, { ...WORKSPACE, 'Cargo.toml': '[workspace]\nmembers = ["good" "bad"]\n' });
    const reading = await read();
    expect(names(reading)).toEqual([{ root: '', packages: ['bad', 'good'] }]);
    expect(reading.problems).toMatchObject([{ file: join(folder.path, 'Cargo.toml'), line: 2 }]);
  });

  it('blames the manifest that cargo refuses', async () => {
    await writeFiles(folder.path, {
      ...WORKSPACE,
      'bad/Cargo.toml': '[package]\nname = "bad"\nversion = "not a version"\n',
    });
    const reading = await read();
    expect(names(reading)).toEqual([{ root: '', packages: ['bad', 'good'] }]);
    expect(reading.problems).toMatchObject([
      { code: 'manifest-invalid', file: join(folder.path, 'bad/Cargo.toml') },
    ]);
    expect(reading.problems[0]?.what).toContain('cargo refuses it');
  });

  it('reads the manifests and says so when cargo is not there', async () => {
    await writeFiles(folder.path, WORKSPACE);
    const { workspaces, problems } = await read(NO_CARGO);
    expect(problems).toEqual([]);
    expect(workspaces[0]).toMatchObject({ source: 'manifests', problem: { code: 'cargo-missing' } });
    expect(workspaces[0]?.problem?.fix).toContain('sh.rustup.rs');
  });

  it('reads the manifests when cargo fails for a reason of its own, and shows its words', async () => {
    await writeFiles(folder.path, WORKSPACE);
    const env = await withStub('echo "error: the moon is full" >&2; exit 101');
    const [workspace] = (await read(env)).workspaces;
    expect(workspace).toMatchObject({
      source: 'manifests',
      problem: { code: 'cargo-refused', what: 'cargo refuses it: the moon is full' },
    });
  });

  it('does not wait for a cargo that hangs', async () => {
    await writeFiles(folder.path, WORKSPACE);
    const env = await withStub('exec sleep 600');
    const reading = await read({ ...env, RUST_PLATFORM_METADATA_TIMEOUT_MS: '300' });
    expect(reading.workspaces[0]?.problem?.what).toContain('no answer within 300 ms');
    expect(names(reading)).toEqual([{ root: '', packages: ['bad', 'good'] }]);
  });

  it('rejects when it is aborted, and ends cargo', async () => {
    await writeFiles(folder.path, WORKSPACE);
    const env = await withStub('exec sleep 600');
    const controller = new AbortController();
    const reading = readCargoWorkspaces({
      workspaceRoot: folder.path,
      manifests: listManifests(folder.path),
      env,
      signal: controller.signal,
    });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });

  it('asks another toolchain when the pinned one is not installed', async () => {
    await writeFiles(folder.path, {
      ...WORKSPACE,
      'rust-toolchain.toml': '[toolchain]\nchannel = "1.2.3"\n',
    });
    await writeFiles(folder.path, { 'rustup/toolchains/stable-here/x': '', 'rustup/settings.toml': '' });
    const real = locateExecutable('cargo', process.env);
    const env = await withStub(
      `if [ "$RUSTUP_TOOLCHAIN" != stable-here ]; then echo "error: toolchain '1.2.3' is not installed" >&2; exit 1; fi
       rm -f "$PWD/rust-toolchain.toml"; unset RUSTUP_TOOLCHAIN RUSTUP_HOME; exec ${real} "$@"`,
    );
    const [workspace] = (await read({ ...env, RUSTUP_HOME: join(folder.path, 'rustup') })).workspaces;
    expect(workspace).toMatchObject({
      source: 'cargo',
      problem: { code: 'toolchain-missing', fix: 'rustup toolchain install 1.2.3' },
    });
  });

  async function withStub(script: string): Promise<NodeJS.ProcessEnv> {
    const bin = join(folder.path, 'stub-bin');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'cargo'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
  }
});

describe('the answer is kept', () => {
  /** A cargo that counts its calls. */
  async function countingCargo() {
    const bin = join(folder.path, 'counting');
    const log = join(folder.path, 'calls.log');
    await mkdir(bin, { recursive: true });
    const script = `#!/bin/sh\necho call >> '${log}'\nexec '${locateExecutable('cargo', process.env)}' "$@"\n`;
    await writeFile(join(bin, 'cargo'), script, { mode: 0o755 });
    const calls = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').length - 1;
    return { env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` }, calls };
  }

  it('asks cargo once, and again after each change that matters', async () => {
    await writeFiles(folder.path, {
      'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n',
      'Cargo.lock': 'version = 4\n',
      ...binary('crates/app', 'app'),
    });
    const { env, calls } = await countingCargo();
    const first = await read(env);
    // The first reading has left its memory in the folder.
    expect(await read(env)).toEqual({ ...first, names: expect.any(Map) });
    expect(await calls()).toBe(1);
    const pinned = `[toolchain]\nchannel = "${installedToolchains(process.env)[0] ?? 'stable'}"\n`;
    const changes: Array<[string, () => Promise<unknown>]> = [
      [
        'a manifest',
        () =>
          writeFile(join(folder.path, 'crates/app/Cargo.toml'), binary('', 'app', '#')['/Cargo.toml'] ?? ''),
      ],
      ['a new target', () => writeFiles(folder.path, { 'crates/app/src/bin/more.rs': 'fn main() {}\n' })],
      ['a removed target', () => rm(join(folder.path, 'crates/app/src/bin/more.rs'))],
      ['a new member', () => writeFiles(folder.path, library('crates/lib', 'lib'))],
      ['the lock', () => writeFile(join(folder.path, 'Cargo.lock'), 'version = 4\n\n')],
      ['a toolchain file', () => writeFile(join(folder.path, 'rust-toolchain.toml'), pinned)],
      [
        'configuration',
        () => writeFiles(folder.path, { '.cargo/config.toml': '[build]\ntarget-dir = "out"\n' }),
      ],
      ['cargo itself', () => utimes(join(folder.path, 'counting/cargo'), 1, 1)],
    ];
    for (const [index, [what, change]] of changes.entries()) {
      await change();
      const changed = await read(env);
      await read(env);
      expect({ what, calls: await calls() }).toEqual({ what, calls: index + 2 });
      expect({ what, answer: changed }).toEqual({ what, answer: await read(env) });
    }
    const [workspace] = (await read(env)).workspaces;
    expect(workspace?.targetDirectory).toBe(join(folder.path, 'out'));
    expect(workspace?.packages.map(({ name }: CargoPackage) => name)).toEqual(['app', 'lib']);
  });

  it('keeps neither a makeshift nor an empty answer', async () => {
    const cacheFile = join(folder.path, '.nx/workspace-data/rust-platform-cargo.json');
    await read();
    await writeFiles(folder.path, library('one', 'one'));
    await read(NO_CARGO);
    await expect(stat(cacheFile)).rejects.toThrow('ENOENT');
    await read();
    await expect(stat(cacheFile)).resolves.toBeDefined();
  });

  it('survives a damaged file', async () => {
    await writeFiles(folder.path, {
      ...library('one', 'one'),
      '.nx/workspace-data/rust-platform-cargo.json': '{"fingerprint":',
    });
    expect(names(await read())).toEqual([{ root: 'one', packages: ['one'] }]);
  });

  it('writes no lock and no target folder', async () => {
    await writeFiles(folder.path, library('one', 'one'));
    await read();
    await expect(stat(join(folder.path, 'one/Cargo.lock'))).rejects.toThrow('ENOENT');
    await expect(stat(join(folder.path, 'one/target'))).rejects.toThrow('ENOENT');
  });
});

describe('relativeTo', () => {
  it.each([
    ['/repo', '/repo/crates/a/Cargo.toml', 'crates/a/Cargo.toml'],
    ['/repo', '/repo', '.'],
    ['/repo', '/repo/', '.'],
    ['/repo', '/repository/a', '../repository/a'],
    ['/repo', '/other/a', '../other/a'],
    ['/repo', '/repo/a/../../other', '../other'],
    ['/repo', '/repo/a//b/./c', 'a/b/c'],
    ['/repo', '/repo/a/..', '.'],
    ['/repo', '/repo/.cargo/..hidden', '.cargo/..hidden'],
    ['/', '/a/b', 'a/b'],
  ])('%s, %s', (root, path, expected) => {
    expect(relativeTo(root, path)).toBe(expected);
  });
});
