import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run as runProcess } from '../../process/run';
import { CRATES_IO, lockText } from '../../testing/lock-text';
import { nxWorkspace, type NxWorkspace } from '../../testing/nx-workspace';
import { typeScriptArguments } from '../../testing/run-typescript';
import { binary, library } from '../../testing/write-files';

jest.setTimeout(600_000);

const APP = '[dependencies]\naxum = "0.8"\nlib = { path = "../lib" }\n';
/** `serde` is linked by axum, and one of two versions of getrandom by tempfile. */
function lock(serde: string, getrandom: string): string {
  const external = (name: string, version: string, dependencies: string[] = []) => ({
    name,
    version,
    dependencies,
    source: CRATES_IO,
    checksum: `${name}${version}`,
  });
  return lockText([
    { name: 'app', dependencies: ['axum', 'lib'] },
    external('axum', '0.8.1', ['serde', 'tempfile']),
    external('getrandom', '0.3.4'),
    external('getrandom', '0.4.3'),
    { name: 'lib', dependencies: ['rand'] },
    external('rand', '0.9.0', ['getrandom 0.3.4']),
    external('serde', serde),
    external('tempfile', '3.0.0', [`getrandom ${getrandom}`]),
  ]);
}

let workspace: NxWorkspace;
beforeAll(async () => {
  workspace = await nxWorkspace({
    'services/Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["app", "lib"]\n',
    'services/Cargo.lock': lock('1.0.200', '0.4.3'),
    ...binary('services/app', 'app', APP),
    ...library('services/lib', 'lib'),
  });
});
afterAll(async () => {
  await workspace.nx(['daemon', '--stop'], { NX_DAEMON: 'true' });
  await workspace.remove();
});

/** Quick, and the same on every machine: cargo is not asked. */
const QUIET = { PATH: '/nonexistent', RUSTFLAGS: undefined, NO_COLOR: '1', FORCE_COLOR: undefined };
const TARGETS = ['build', 'test', 'clippy', 'rustfmt'];

async function nx(args: string[] = [], env: Record<string, string | undefined> = {}): Promise<void> {
  const { exitCode, stdout, stderr } = await workspace.nx(['run-many', '-t', ...TARGETS, ...args], {
    ...QUIET,
    ...env,
  });
  if (exitCode !== 0) throw new Error(`${stdout}\n${stderr}`);
}

async function explain(...words: string[]) {
  const args = [
    ...typeScriptArguments(join(__dirname, '..', '..', 'testing', 'run-cli.ts')),
    'explain',
    ...words,
  ];
  return runProcess(process.execPath, args, {
    cwd: workspace.root,
    env: { ...QUIET, PATH: process.env['PATH'] },
  });
}
interface Told {
  task: string;
  outcome: string;
  reason: string;
  why: string;
  changes: Array<Record<string, string>>;
}
async function told(...words: string[]): Promise<Told[]> {
  const { exitCode, stdout, stderr } = await explain(...words, '--json');
  if (exitCode !== 0) throw new Error(stderr);
  const { schemaVersion, tasks } = JSON.parse(stdout) as { schemaVersion: number; tasks: Told[] };
  expect(schemaVersion).toBe(1);
  return tasks;
}
/** Task → why it ran in the last run; hits are left out. */
async function misses(): Promise<Record<string, string>> {
  const ran = (await told()).filter(({ outcome }) => outcome === 'miss');
  return Object.fromEntries(ran.map(({ task, why }) => [task, why]));
}
const all = (why: string, ...tasks: string[]) => Object.fromEntries(tasks.map((task) => [task, why]));
const APP_TARGETS = TARGETS.map((target) => `app:${target}`);
const COMPILED = ['app:build', 'app:test', 'app:clippy'];

test('explain names exactly what changed, of real runs of Nx', async () => {
  await nx();
  const first = 'it ran for the first time here, and nobody had stored a result with this key';
  expect(await misses()).toEqual(all(first, ...APP_TARGETS, ...TARGETS.map((target) => `lib:${target}`)));

  await nx();
  expect(await misses()).toEqual({});
  expect((await explain('app:build')).stdout).toMatch(
    /^app:build was a hit \(local cache.*\): nothing in its key changed since the run of /,
  );

  await workspace.write({ 'services/app/src/main.rs': 'fn main() { println!(); }\n' });
  await nx();
  expect(await misses()).toEqual(all('services/app/src/main.rs changed', ...APP_TARGETS));

  await workspace.write({ 'services/lib/src/lib.rs': '' });
  await nx();
  const library = 'services/lib/src/lib.rs changed';
  expect(await misses()).toEqual(all(library, ...COMPILED, ...TARGETS.map((target) => `lib:${target}`)));

  await workspace.write({ 'services/Cargo.lock': lock('1.0.201', '0.4.3') });
  await nx();
  expect(await misses()).toEqual(all('serde 1.0.200 -> 1.0.201 (app > axum > serde)', ...COMPILED));

  await workspace.write({ 'services/Cargo.lock': lock('1.0.201', '0.3.4') });
  await nx();
  expect(await misses()).toEqual(
    all('tempfile: getrandom 0.4.3 -> 0.3.4 (app > axum > tempfile)', ...COMPILED),
  );

  const manifest = await readFile(join(workspace.root, 'services/app/Cargo.toml'), 'utf8');
  await workspace.write({
    'services/app/Cargo.toml': manifest.replace(
      'axum = "0.8"',
      'axum = { version = "0.8", features = ["ws"] }',
    ),
  });
  await nx();
  const field =
    'services/app/Cargo.toml [dependencies] axum: "0.8" -> { features = ["ws"], version = "0.8" }';
  expect(await misses()).toEqual(all(field, ...COMPILED));

  await workspace.write({ 'clippy.toml': 'msrv = "1.70"\n' });
  await nx();
  expect(await misses()).toEqual(all('clippy.toml was added', 'app:clippy', 'lib:clippy'));
});

test('a secret in the environment is neither shown nor kept', async () => {
  await nx([], { RUSTFLAGS: '--cfg secret1234' });
  const tasks = [...COMPILED, 'lib:build', 'lib:test', 'lib:clippy'];
  expect(await misses()).toEqual(all('RUSTFLAGS was set (value hidden)', ...tasks));
  expect((await explain('app:build', '--key')).stdout).toMatch(
    /1 environment variable\n +RUSTFLAGS +value hidden\n/,
  );
  await nx();
  expect((await told('app:build'))[0]).toMatchObject({
    outcome: 'hit',
    changes: [{ name: 'RUSTFLAGS', kind: 'removed' }],
  });
});

test('what Nx adds to every key, and a cache that was not asked', async () => {
  const nxJson = JSON.parse(await readFile(join(workspace.root, 'nx.json'), 'utf8')) as object;
  await workspace.write({ 'nx.json': JSON.stringify({ ...nxJson, parallel: 2 }) });
  await nx();
  expect((await misses())['lib:build']).toBe('nx.json: parallel was added');
  await nx(['--skip-nx-cache']);
  expect((await misses())['lib:build']).toBe('that run did not look into the cache (--skip-nx-cache)');
  await nx([], { NX_CACHE_DIRECTORY: join(workspace.root, 'cache/other') });
  expect((await misses())['lib:build']).toContain('cache/other and was ');
});

test('the same with the daemon, which has the hooks in its own process', async () => {
  await nx([], { NX_DAEMON: 'true' });
  await workspace.write({ 'services/app/src/main.rs': 'fn main() { print!(""); }\n' });
  await nx([], { NX_DAEMON: 'true' });
  expect(await misses()).toEqual(all('services/app/src/main.rs changed', ...APP_TARGETS));
  await workspace.write({ '.gitignore': `${await readFile(join(workspace.root, '.gitignore'), 'utf8')}x\n` });
  await nx(['-p', 'lib'], { NX_DAEMON: 'true' });
  expect((await told('lib:build'))[0]).toMatchObject({
    changes: [{ group: 'nx', name: '.gitignore', kind: 'changed' }],
  });
  // It took no part in the last run: the one before tells.
  expect((await told('app:build'))[0]?.why).toBe('services/app/src/main.rs changed');
});

test('exit code 2 for names that nobody knows', async () => {
  expect(await explain('ap:build')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('did you mean app?'),
  });
  expect(await explain('app:biuld')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('did you mean build?'),
  });
  expect(await explain('--nonsense')).toMatchObject({ exitCode: 2 });
});
