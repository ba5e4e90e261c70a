import { access, appendFile, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endTree } from '../process/end-tree';
import { identityOf } from '../process/process-identity';
import { findExecutable } from '../process/run';
import { spawnChild, type Child } from '../process/spawn-child';
import { eventually } from '../testing/eventually';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../testing/leak-check';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';

jest.setTimeout(60_000);

const LAUNCHER = join(__dirname, '..', '..', '..', '..', 'rust-platform');
const TOOLS = [
  'sh',
  'uname',
  'cksum',
  'find',
  'sort',
  'mkdir',
  'mv',
  'rm',
  'rmdir',
  'ls',
  'dirname',
  'sleep',
  'touch',
  'ps',
  'tr',
  'cat',
  'grep',
];

/** `node`: prints its version, or who it is and what it was given. */
const NODE = `#!/bin/sh
if [ "$1" = --version ]; then echo "v\${STUB_NODE:-20.19.0}"; exit 0; fi
printf 'node %s in %s:' "$$" "$PWD"; shift
for word in "$@"; do printf ' <%s>' "$word"; done; echo
exit "\${STUB_EXIT:-0}"
`;

/** \`npm\`: notes its call, waits for the file \`go\` when told to, and makes what the real one would. */
const NPM = `#!/bin/sh
echo "npm $*" >> npm.log
echo "noise of npm"
if [ "\${STUB_NPM:-}" = wait ]; then echo "$$" > npm.pid; while [ ! -e go ]; do sleep 0.1; done; fi
if [ "\${STUB_NPM:-}" = incomplete ] && [ "$1" = ci ]; then echo "npm error code EUSAGE" >&2; exit 1; fi
if [ "\${STUB_NPM:-}" = deaf ]; then trap '' TERM INT; echo "$$" > npm.pid; while [ ! -e go ]; do sleep 0.1; done; fi
if [ "\${STUB_NPM:-}" = fail ]; then echo "npm error network" >&2; exit 7; fi
case $1 in ci | install) mkdir -p node_modules; echo '{}' > node_modules/.package-lock.json;; esac
mkdir -p tools/rust-platform-plugin/dist/cli
echo built > tools/rust-platform-plugin/dist/cli/cli.js
`;

let folder: TemporaryFolder;
let leaks: LeakCheck;
let root: string;
let bin: string;
const started: Child[] = [];
beforeEach(async () => {
  folder = await temporaryFolder('launcher');
  leaks = await startLeakCheck();
  root = join(folder.path, 'a checkout');
  bin = join(folder.path, 'bin');
  const files: Record<string, string> = {
    'package-lock.json': '{"lockfileVersion": 3}',
    'tsconfig.base.json': '{}',
    'tools/rust-platform-plugin/tsconfig.build.json': '{}',
    'tools/rust-platform-plugin/src/index.ts': 'export {};',
    'rust-platform': await readFile(LAUNCHER, 'utf8'),
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  await mkdir(bin);
  for (const tool of TOOLS) await symlink((await findExecutable(tool)) ?? '', join(bin, tool));
  await writeFile(join(bin, 'node'), NODE, { mode: 0o755 });
  await writeFile(join(bin, 'npm'), NPM, { mode: 0o755 });
});
afterEach(async () => {
  const left = await expectNothingLeft(leaks).catch((error: unknown) => error);
  await Promise.all(started.splice(0).map(({ identity }) => endTree(identity, { graceMs: 1_000 })));
  await leaks.end();
  await folder.remove();
  if (left) throw left;
});

async function write(name: string, text: string): Promise<void> {
  const file = join(root, name);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text, { mode: 0o755 });
}

interface Start {
  script?: string;
  cwd?: string;
  env?: Record<string, string>;
}

async function start(
  args: string[],
  { script = join(root, 'rust-platform'), cwd = folder.path, env = {} }: Start = {},
) {
  const streams = { stdout: '', stderr: '' };
  const child = await spawnChild({
    command: script,
    args,
    cwd,
    env: { ...leaks.env, HOME: folder.path, PATH: bin, ...env },
    onChunk: (chunk, stream) => void (streams[stream] += chunk.toString()),
  });
  started.push(child);
  return { child, streams };
}

async function run(args: string[], options?: Start) {
  const { child, streams } = await start(args, options);
  const { exitCode } = await child.exited;
  return { exitCode, ...streams };
}

const npmCalls = async () =>
  (await readFile(join(root, 'npm.log'), 'utf8').catch(() => '')).trim().split('\n').filter(Boolean);
const exists = (name: string) =>
  access(join(root, name)).then(
    () => true,
    () => false,
  );
const CI = 'npm ci --include=dev --no-audit --no-fund --loglevel=error';
const BUILD = 'npm run --silent --prefix tools/rust-platform-plugin build';

test('a fresh checkout is installed once, and the arguments arrive as they are', async () => {
  const { exitCode, stdout, stderr } = await run(['test', 'a b', '', '$HOME', '--x=*'], {
    env: { STUB_EXIT: '3' },
  });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 3,
    stderr: 'installing the npm dependencies (npm ci)\n',
  });
  expect(stdout).toMatch(/^node \d+ in .*a checkout: <test> <a b> <> <\$HOME> <--x=\*>\n$/);
  expect(await npmCalls()).toEqual([CI]);
  expect(await exists('.rust-platform/setup.lock')).toBe(false);
});

test('a lock that npm ci calls incomplete is installed by npm install, which does not change it', async () => {
  const { exitCode, stderr } = await run([], { env: { STUB_NPM: 'incomplete' } });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr:
      'installing the npm dependencies (npm ci)\n' +
      'npm ci refuses package-lock.json as incomplete; installing what it lists (npm install)\n',
  });
  expect(await npmCalls()).toEqual([CI, CI.replace('npm ci', 'npm install --no-save')]);
  expect((await run([])).stderr).toBe('');
});

test('the warm path says and calls nothing', async () => {
  await run([]);
  const { exitCode, stdout, stderr } = await run(['build']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^node \d+ in .*: <build>\n$/);
  expect(await npmCalls()).toHaveLength(1);
});

test('works through links, relative ones too, and node takes the place of the shell', async () => {
  await run([]);
  await mkdir(join(folder.path, 'links'));
  await symlink('../a checkout/rust-platform', join(folder.path, 'links', 'one'));
  await symlink(join(folder.path, 'links', 'one'), join(folder.path, 'two'));
  const { child, streams } = await start(['x'], { script: './two' });
  expect(await child.exited).toMatchObject({ exitCode: 0 });
  expect(streams.stdout).toBe(`node ${child.identity.pid} in ${root}: <x>\n`);
});

test('a changed package-lock.json is installed again', async () => {
  await run([]);
  await appendFile(join(root, 'package-lock.json'), '\n');
  await utimes(join(root, 'package-lock.json'), 4e9, 4e9);
  expect((await run([])).stderr).toContain('installing the npm dependencies');
  expect(await npmCalls()).toEqual([CI, CI]);
});

test('what the user has installed with npm is taken as it is; only the plugin is compiled', async () => {
  await write('node_modules/.package-lock.json', '{}');
  await utimes(join(root, 'package-lock.json'), 1e9, 1e9);
  expect((await run([])).stderr).toBe('compiling the plugin (its sources have changed)\n');
  expect(await npmCalls()).toEqual([BUILD]);
});

test.each([
  ['a changed source', 'tools/rust-platform-plugin/src/index.ts', true],
  ['a new source', 'tools/rust-platform-plugin/src/process/run.ts', true],
  ['another compiler setting', 'tsconfig.base.json', true],
  ['a spec', 'tools/rust-platform-plugin/src/index.spec.ts', false],
  ['a helper of specs', 'tools/rust-platform-plugin/src/testing/stub.ts', false],
])('%s: compiled again is %s %s', async (_, file, isCompiled) => {
  await run([]);
  await write(file, 'export const changed = 1;');
  await run([]);
  expect(await npmCalls()).toEqual(isCompiled ? [CI, BUILD] : [CI]);
  await run([]);
  expect(await npmCalls()).toHaveLength(isCompiled ? 2 : 1);
});

test('a removed source and a removed dist are seen', async () => {
  await write('tools/rust-platform-plugin/src/old.ts', '');
  await run([]);
  await rm(join(root, 'tools/rust-platform-plugin/src/old.ts'));
  await run([]);
  await rm(join(root, 'tools/rust-platform-plugin/dist'), { recursive: true });
  await run([]);
  expect(await npmCalls()).toEqual([CI, BUILD, BUILD]);
});

describe('what is missing is named, with its fix and exit code 4', () => {
  test('node', async () => {
    await rm(join(bin, 'node'));
    const { exitCode, stderr } = await run([]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 4,
      stderr:
        'error[node-missing]: node is not on PATH\n  fix: install Node 20.19 or newer: https://nodejs.org/en/download\n',
    });
  });

  test.each(['18.20.4', '20.18.3'])('a newer node than %s', async (version) => {
    const { exitCode, stderr } = await run([], { env: { STUB_NODE: version } });
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`error[node-too-old]: Node ${version} is too old: at least 20.19 is needed`);
    expect(await npmCalls()).toEqual([]);
  });

  test.each(['20.19.0', '22.0.0', '24.1.2'])('node %s is new enough', async (version) => {
    expect((await run([], { env: { STUB_NODE: version } })).exitCode).toBe(0);
  });

  test('npm', async () => {
    await rm(join(bin, 'npm'));
    const { exitCode, stderr } = await run([]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('error[npm-missing]');
  });

  test('a network: what npm said, and the next start tries again', async () => {
    const failed = await run([], { env: { STUB_NPM: 'fail' } });
    expect(failed.exitCode).toBe(4);
    expect(failed.stderr).toContain('npm error network');
    expect(failed.stderr).toContain(
      'error[npm-ci-failed]: the npm dependencies could not be installed (exit code 7)',
    );
    expect(failed.stdout).toBe('');
    expect(await exists('.rust-platform/setup.lock')).toBe(false);
    expect((await run([])).exitCode).toBe(0);
    expect(await npmCalls()).toEqual([CI, CI]);
  });

  test('a plugin that compiles', async () => {
    await run([]);
    await write('tools/rust-platform-plugin/src/index.ts', 'wrong');
    const { exitCode, stderr } = await run([], { env: { STUB_NPM: 'fail' } });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('error[build-failed]: the plugin does not compile (exit code 7)');
  });
});

describe('an installation under way', () => {
  async function startWaiting(npm: 'wait' | 'deaf' = 'wait') {
    const first = await start(['first'], { env: { STUB_NPM: npm } });
    await eventually(() => exists('npm.pid'), 'npm is running');
    const pid = Number(await readFile(join(root, 'npm.pid'), 'utf8'));
    return { ...first, npm: await identityOf(pid) };
  }

  async function end({ child, streams }: { child: Child; streams: { stdout: string; stderr: string } }) {
    const { exitCode } = await child.exited;
    return { exitCode, ...streams };
  }

  test('is waited for by the second start, which says so once and installs nothing', async () => {
    const first = await startWaiting();
    const second = await start(['second']);
    const line = `waiting for the installation that pid ${first.child.identity.pid} is doing in this checkout\n`;
    await eventually(
      () => second.streams.stderr === line,
      () => `the line, not: ${second.streams.stderr}`,
    );
    await write('go', '');
    expect(await end(first)).toMatchObject({ exitCode: 0 });
    expect(await end(second)).toMatchObject({
      exitCode: 0,
      stderr: line,
      stdout: expect.stringContaining('<second>'),
    });
    expect(await npmCalls()).toEqual([CI]);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)('%s ends npm, exit code %i, and the next start repairs it', async (signal, code) => {
    const first = await startWaiting();
    process.kill(signal === 'SIGINT' ? -first.child.identity.pid : first.child.identity.pid, signal);
    const ended = await end(first);
    expect(ended).toMatchObject({ exitCode: code, stdout: '' });
    expect(ended.stderr).toContain('interrupted: the next start repairs the installation');
    await eventually(async () => first.npm && !(await identityOf(first.npm.pid)), 'npm has ended');
    expect(await exists('.rust-platform/setup.lock')).toBe(false);
    expect((await run([])).exitCode).toBe(0);
    expect(await npmCalls()).toEqual([CI, CI]);
  });

  test('a second signal ends an npm that takes its time', async () => {
    const first = await startWaiting('deaf');
    process.kill(first.child.identity.pid, 'SIGTERM');
    await eventually(
      () => first.streams.stderr.includes('waiting for npm to clean up'),
      'the first is heard',
    );
    process.kill(first.child.identity.pid, 'SIGTERM');
    expect(await end(first)).toMatchObject({ exitCode: 143 });
    await eventually(async () => first.npm && !(await identityOf(first.npm.pid)), 'npm has ended');
    expect(await exists('.rust-platform/setup.lock')).toBe(false);
  });

  test('that was killed leaves a lock that the next start removes', async () => {
    const first = await startWaiting();
    process.kill(-first.child.identity.pid, 'SIGKILL');
    await first.child.exited;
    expect(await exists('.rust-platform/setup.lock/holder')).toBe(true);
    const { exitCode, stderr } = await run([]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.not.stringContaining('waiting'),
    });
    expect(await exists('.rust-platform/setup.lock')).toBe(false);
  });

  test('is not taken for one by a lock whose pid belongs to another process now', async () => {
    await write('.rust-platform/setup.lock/holder', `${process.pid} 1\n`);
    const { exitCode, stderr } = await run([]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.not.stringContaining('waiting'),
    });
  });

  test('many starts at once, over a stale lock: one installs', async () => {
    await write('.rust-platform/setup.lock/holder', '999999999 1\n');
    const ends = await Promise.all(Array.from({ length: 6 }, () => run(['x'])));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await npmCalls()).toEqual([CI]);
  });
});
