import { chmod, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { writeFiles } from '../testing/write-files';
import { cCompilerIdentity, usesCCompiler } from './c-compiler-identity';

const compiler = (version: string) =>
  `#!/bin/sh
echo "$@" >> "$0.calls"
for word in "$@"; do
  case "$word" in
    --version) echo "cc (Debian ${version}) ${version}"; echo "Copyright"; exit 0 ;;
    -dumpmachine) case "$*" in *-m32*) echo i686-linux-gnu ;; *) echo x86_64-linux-gnu ;; esac; exit 0 ;;
  esac
done
exit 1
`;

describe('the C compiler', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => (folder = await temporaryFolder('cc')));
  afterEach(() => folder.remove());

  const tools = async (place: string, files: Record<string, string>) => {
    await writeFiles(join(folder.path, place), files);
    for (const name of Object.keys(files)) await chmod(join(folder.path, place, name), 0o755);
    return join(folder.path, place);
  };
  const identity = (path: string, more: NodeJS.ProcessEnv = {}, root = folder.path) =>
    cCompilerIdentity({ workspaceRoot: root, env: { PATH: `${path}:/usr/bin:/bin`, ...more } });

  test('is told by version and triple, the same wherever it lies', async () => {
    const both = { cc: compiler('12.2.0'), 'c++': compiler('12.2.0') };
    const [one, two] = [await tools('one', both), await tools('two/deeper', both)];
    expect(await identity(one)).toBe('(Debian 12.2.0) 12.2.0 x86_64-linux-gnu');
    expect(await identity(two)).toBe(await identity(one));
    expect(await identity(await tools('three', { ...both, cc: compiler('13.1.0') }))).not.toBe(
      await identity(one),
    );
  });

  test('is the one that CC and its variants name, with their flags', async () => {
    const path = await tools('bin', { cc: compiler('12'), 'c++': compiler('12'), other: compiler('14') });
    const plain = await identity(path);
    expect(await identity(path, { CC: 'other' })).toContain('(Debian 14)');
    expect(await identity(path, { CC: 'other', CXX: 'other' })).not.toContain('(Debian 12)');
    expect(await identity(path, { 'CC_x86_64-unknown-linux-gnu': 'other' })).toContain('(Debian 14)');
    expect(await identity(path, { TARGET_CXX: join(path, 'other') })).toContain('(Debian 14)');
    expect(await identity(path, { CC: 'cc -m32' })).toContain('i686-linux-gnu');
    expect(await identity(path, { CC: 'missing-cc' })).toContain('not on PATH');
    expect(await identity(path, { CC: ' ', CCACHE: 'other' })).toBe(plain);
  });

  test('is asked once, and again when the file has changed', async () => {
    const path = await tools('bin', { cc: compiler('12'), 'c++': compiler('12') });
    await identity(path);
    const calls = async () => (await import('node:fs/promises')).readFile(join(path, 'cc.calls'), 'utf8');
    const before = await calls();
    await identity(path);
    expect(await calls()).toBe(before);
    await tools('bin', { cc: compiler('15.0') });
    await utimes(join(path, 'cc'), new Date(), new Date());
    expect(await identity(path)).toContain('(Debian 15.0)');
  });

  test('of this machine is found', async () => {
    const found = await cCompilerIdentity({ workspaceRoot: folder.path, env: process.env });
    expect(found).toMatch(/\d+\.\d+.*-/);
    expect(found).not.toContain('/');
  });
});

test('counts for crates whose build scripts compile C', () => {
  expect(usesCCompiler(['serde', 'cc'])).toBe(true);
  expect(usesCCompiler(new Set(['cmake']))).toBe(true);
  expect(usesCCompiler(['serde', 'cc-traits'])).toBe(false);
});
