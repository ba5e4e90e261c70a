import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { outputOf, removeDuplicates, writeDuplicates } from './bad-input/duplicates';
import { paddedCargo } from './bad-input/padded-cargo';
import { showGraph } from './bad-input/show-graph';
import { createWorkspace, expectNoProcesses, type CommandOptions, type Workspace } from './workspace';

const LOCK = 'rust/Cargo.lock';
const SHARED = 'rust/shared/Cargo.toml';
const CRATES = ['front', 'hello', 'shared'];

/** What is half-typed, half-merged or strange: a named error or a correct key; never an empty graph, never a guess. */
describe('bad input', () => {
  let workspace: Workspace;
  const good: Record<string, string> = {};
  beforeAll(async () => {
    workspace = await createWorkspace('bad-input');
    for (const file of [LOCK, SHARED]) good[file] = await workspace.read(file);
    expect(await workspace.nx(['run', 'shared:build'])).toMatchObject({ exitCode: 0 });
  });
  afterEach(async () => {
    for (const [file, text] of Object.entries(good)) await workspace.write(file, text);
    await expectNoProcesses(workspace);
  });
  afterAll(() => workspace.remove());

  const graph = (options?: CommandOptions) => showGraph(workspace, options);
  const expectGraph = async (projects: string[] = CRATES, options?: CommandOptions) =>
    expect(await graph(options)).toEqual({ projects, errors: [] });
  const build = (project = 'shared', options?: CommandOptions) =>
    workspace.nx(['run', `${project}:build`], options);
  const isHit = ({ output }: { output: string }) =>
    /\[(local cache|existing outputs match the cache)[^\]]*\]|read the output from the cache/.test(output);
  /** The state as it stands has a key: the second run is a hit. */
  const expectReuse = async (project = 'shared') => {
    const first = await build(project);
    expect(first).toMatchObject({ exitCode: 0 });
    const second = await build(project);
    expect({ ...second, hit: isHit(second) }).toMatchObject({ exitCode: 0, hit: true });
    return first;
  };
  /** An error of ours or of a tool, with a code; nothing that is our own fault. */
  const expectNamed = (output: string, code: RegExp) => {
    expect(output).toMatch(code);
    expect(output).not.toMatch(/error\[internal\]|TypeError|ReferenceError|undefined|\bat .*\.js:\d+/);
  };

  describe('a dependency typed into a manifest', () => {
    test.each([
      ['that the lock does not have', 'itoa = "1"', /--locked/],
      ['by a path that leads nowhere', 'nowhere = { path = "../nowhere" }', /nowhere/],
    ])('%s: the graph stays, tasks fail with the reason', async (_what, line, reason) => {
      await workspace.write(SHARED, `${good[SHARED]}[dependencies]\n${line}\n`);
      await expectGraph();
      for (const target of ['build', 'clippy', 'test']) {
        const { exitCode, output } = await workspace.nx(['run', `shared:${target}`]);
        expect({ target, exitCode, output }).not.toMatchObject({ exitCode: 0 });
        expectNamed(output, /error\[[a-z-]+\]/);
        expect(output).toMatch(reason);
        expect(isHit({ output })).toBe(false);
      }
      const { output } = await build('front');
      expectNamed(output, /error\[[a-z-]+\]/);
    });

    test('that the workspace does not offer yet: all crates stay, the error names the manifest', async () => {
      await workspace.write(SHARED, `${good[SHARED]}[dependencies]\nitoa.workspace = true\n`);
      const { projects, errors } = await graph();
      expect(projects).toEqual(CRATES);
      expect(errors.join('\n')).toMatch(/itoa/);
      const { exitCode, output } = await build();
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/rust\/shared\/Cargo\.toml/);
      expect(output).toMatch(/itoa/);
    });

    test('--locked is what says so, and how to mend it', async () => {
      await workspace.write(SHARED, `${good[SHARED]}[dependencies]\nitoa = "1"\n`);
      const { output } = await build();
      expect(output).toMatch(/error\[stale-lock\]/);
      expect(output).toMatch(/--locked/);
      expect(output).toMatch(/fix: .*cargo/);
    });

    test('half a line of it: the line is named, the other crates stay', async () => {
      await workspace.write(SHARED, `${good[SHARED]}[dependencies]\nitoa = \n`);
      const { projects, errors } = await graph();
      expect(projects).toEqual(expect.arrayContaining(['front', 'hello']));
      expect(errors.join('\n')).toMatch(/rust\/shared\/Cargo\.toml:\d+/);
      const { exitCode, output } = await workspace.nx(['run-many', '-t', 'build', '-p', 'front', 'shared']);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/rust\/shared\/Cargo\.toml:\d+/);
      await workspace.write(SHARED, good[SHARED] ?? '');
      await expectGraph();
    });

    test('while the daemon watches: the graph follows, and comes back', async () => {
      const daemon = { env: { NX_DAEMON: 'true' } };
      try {
        await expectGraph(CRATES, daemon);
        for (const text of ['[dependencies]\nitoa = \n', '[dependencies]\nitoa = "1"\n']) {
          await workspace.write(SHARED, `${good[SHARED]}${text}`);
          const { projects } = await graph(daemon);
          expect(projects).toEqual(expect.arrayContaining(['front', 'hello']));
        }
        await expectGraph(CRATES, daemon);
        await workspace.write(SHARED, good[SHARED] ?? '');
        await expectGraph(CRATES, daemon);
        expect(await build('shared', daemon)).toMatchObject({ exitCode: 0 });
      } finally {
        await workspace.nx(['daemon', '--stop'], daemon);
      }
    });
  });

  describe('a lock', () => {
    test('with conflict markers of a merge: file and line, never a result of an older lock', async () => {
      const [head = '', ...rest] = (good[LOCK] ?? '').split('\n[[package]]');
      const markers = `${head}\n<<<<<<< HEAD\n[[package]]${rest.join('\n[[package]]')}=======\n>>>>>>> theirs\n`;
      await workspace.write(LOCK, markers);
      const line = markers.split('\n').indexOf('<<<<<<< HEAD') + 1;
      await expectGraph();
      for (let run = 0; run < 2; run += 1) {
        const { exitCode, output } = await build();
        expect({ exitCode, hit: isHit({ output }) }).toEqual({ exitCode: 1, hit: false });
        expectNamed(output, /error\[lock-has-conflicts\]/);
        expect(output).toMatch(new RegExp(`rust/Cargo\\.lock:${line}\\b`));
      }
    });

    test('cut off in the middle: named', async () => {
      await workspace.write(LOCK, (good[LOCK] ?? '').slice(0, -20));
      await expectGraph();
      const { exitCode, output } = await build();
      expect({ exitCode, hit: isHit({ output }) }).toEqual({ exitCode: 1, hit: false });
      expectNamed(output, /error\[lock-unreadable\]/);
      expect(output).toMatch(/rust\/Cargo\.lock/);
    });

    test('of version 3 and of version 4: the same crates, so the same results', async () => {
      expect(good[LOCK]).toMatch(/^version = 4$/m);
      await expectReuse();
      await workspace.write(LOCK, (good[LOCK] ?? '').replace('version = 4', 'version = 3'));
      await expectGraph();
      expect(isHit(await build())).toBe(true);
      // cargo itself accepts it.
      expect(await workspace.nx(['run', 'shared:build', '--skip-nx-cache'])).toMatchObject({ exitCode: 0 });
    });

    test('of a version that nobody knows: cargo’s own word, no guess', async () => {
      await workspace.write(LOCK, (good[LOCK] ?? '').replace('version = 4', 'version = 99'));
      await expectGraph();
      const { exitCode, output } = await build();
      expect({ exitCode, hit: isHit({ output }) }).toEqual({ exitCode: 1, hit: false });
      expectNamed(output, /error\[[a-z-]+\]/);
      expect(output).toMatch(/version|99/);
    });
  });

  test('one crate from git and from the registry: each user follows its own', async () => {
    const commits = await writeDuplicates(workspace);
    try {
      const users = ['uses-git', 'uses-registry'];
      await expectGraph([...CRATES, ...users].sort());
      for (const user of users) await expectReuse(user);
      expect(await outputOf(workspace, users)).toEqual(['from git', 'from the registry']);
      await workspace.edit(LOCK, (text) => text.replaceAll(commits.first, commits.second));
      expect(isHit(await build('uses-registry'))).toBe(true);
      const changed = await build('uses-git');
      expect({ ...changed, hit: isHit(changed) }).toMatchObject({ exitCode: 0, hit: false });
      expect(await outputOf(workspace, users)).toEqual(['from git, later', 'from the registry']);
    } finally {
      await removeDuplicates(workspace);
    }
  });

  describe('files that are none', () => {
    const made: string[] = [];
    const at = (file: string) => join(workspace.root, file);
    afterEach(async () => {
      for (const file of made.splice(0)) await rm(at(file), { recursive: true, force: true });
    });
    const folder = async (file: string) => {
      made.push(file);
      await mkdir(at(file), { recursive: true });
    };
    const link = async (target: string, file: string) => {
      made.push(file);
      await mkdir(join(at(file), '..'), { recursive: true });
      await symlink(target, at(file));
    };

    test('a folder where a file should be', async () => {
      await folder('rust/shared/src/strange.rs');
      await folder('rust/shared/.env');
      await folder('rust/.cargo/config.toml');
      await folder('clippy.toml');
      await folder('rust/odd/Cargo.toml');
      await expectGraph();
      const { exitCode, output } = await build();
      if (exitCode === 0) await expectReuse();
      else expectNamed(output, /error\[[a-z-]+\]/);
    });

    test('a folder where the toolchain file should be', async () => {
      await folder('rust-toolchain.toml');
      await expectGraph();
      const { exitCode, output } = await build();
      if (exitCode !== 0) expectNamed(output, /error\[[a-z-]+\]/);
    });

    test('a link that leads nowhere, and then somewhere', async () => {
      await link('../../nowhere.txt', 'rust/shared/assets.txt');
      await expectGraph();
      await expectReuse();
      await workspace.write('nowhere.txt', 'here now\n');
      made.push('nowhere.txt');
      expect(isHit(await build())).toBe(false);
      await workspace.write('nowhere.txt', 'and another text\n');
      expect(isHit(await build())).toBe(false);
    });

    test('a link to itself and links that go round', async () => {
      await link('loop.txt', 'rust/shared/loop.txt');
      await link('..', 'rust/shared/round/up');
      await link('../..', 'rust/shared/round/further');
      await expectGraph();
      await expectReuse();
      await workspace.write('rust/shared/round/file.txt', 'one\n');
      made.push('rust/shared/round/file.txt');
      expect(isHit(await build())).toBe(false);
    });

    test('an include of a file that is a link to nowhere: rustc’s own error, never a hit', async () => {
      const source = 'rust/shared/src/lib.rs';
      const text = await workspace.read(source);
      await link('nowhere.txt', 'rust/shared/included.txt');
      await workspace.write(source, `${text}pub const TEXT: &str = include_str!("../included.txt");\n`);
      for (let run = 0; run < 2; run += 1) {
        const { exitCode, output } = await build();
        expect({ exitCode, hit: isHit({ output }) }).toEqual({ exitCode: 1, hit: false });
        expect(output).toMatch(/included\.txt/);
      }
      await workspace.write(source, text);
    });

    test('a name that is no UTF-8', async () => {
      const names = [0xfe, 0xff].map((byte) =>
        Buffer.concat([Buffer.from(at('rust/shared/words-')), Buffer.from([byte]), Buffer.from('.txt')]),
      );
      try {
        for (const name of names) await writeFile(name, 'one\n');
        await expectGraph();
        await expectReuse();
        await writeFile(names[1] as Buffer, 'two\n');
        expect(isHit(await build())).toBe(false);
      } finally {
        for (const name of names) await rm(name as unknown as string, { force: true });
      }
    });
  });

  test('metadata of 12 MB', async () => {
    const stub = join(workspace.temporary, 'padded');
    const cargo = (await execa('sh', ['-c', 'command -v cargo'])).stdout;
    await mkdir(stub, { recursive: true });
    await writeFile(join(stub, 'cargo'), paddedCargo(cargo));
    await chmod(join(stub, 'cargo'), 0o755);
    // Another text in a manifest, so that no answer is remembered.
    await workspace.edit(SHARED, (text) => `# ${Date.now()}\n${text}`);
    const options = { env: { PATH: `${stub}:${process.env['PATH']}` } };
    await expectGraph(CRATES, options);
    expect((await readdir(stub)).filter((name) => name.startsWith('asked-'))).not.toEqual([]);
    expect(await build('shared', options)).toMatchObject({ exitCode: 0 });
  });

  describe('dep-info', () => {
    const files = async () => {
      const folder = join(workspace.root, 'rust/target/release/deps');
      const names = (await readdir(folder)).filter((name) => /^(lib)?shared-.*\.d$/.test(name));
      expect(names).not.toEqual([]);
      return names.map((name) => join(folder, name));
    };
    const again = () => workspace.nx(['run', 'shared:build', '--skip-nx-cache']);
    beforeEach(async () => expect(await again()).toMatchObject({ exitCode: 0 }));

    test.each([
      ['of a compiler to come', '# checksum:blake3=0011 file_len:3 src/lib.rs\n# novelty: 1\n\n'],
      ['that is cut off', 'shared: src/li'],
      ['that is no text', '\0\x01\xff\0'],
      ['that is empty', ''],
    ])('%s: a result with a true key, or none that is kept', async (_what, text) => {
      for (const file of await files()) await writeFile(file, text);
      const { exitCode, output } = await again();
      if (exitCode !== 0) return expectNamed(output, /error\[[a-z-]+\]/);
      expect(output).not.toMatch(/error\[internal\]|TypeError|undefined/);
      // It was believed, or put right: a source that it does not tell of counts in any case.
      await workspace.edit('rust/shared/src/lib.rs', (source) => `${source}// ${Date.now()}\n`);
      const after = await build();
      expect({ ...after, hit: isHit(after) }).toMatchObject({ exitCode: 0, hit: false });
    });

    test('of another toolchain in the same target directory', async () => {
      const { stdout } = await execa('rustup', ['toolchain', 'list'], { reject: false });
      const other = stdout
        ?.split('\n')
        .find((name) => !/default|active/.test(name))
        ?.split(' ')[0];
      // A machine with one toolchain has no other dep-info.
      if (!other) return;
      const env = { RUSTUP_TOOLCHAIN: other };
      expect(await build('shared', { env })).toMatchObject({ exitCode: 0 });
      const back = await again();
      expect(back).toMatchObject({ exitCode: 0 });
      await expectReuse();
      expect(isHit(await build('shared', { env }))).toBe(true);
    });
  });
});
