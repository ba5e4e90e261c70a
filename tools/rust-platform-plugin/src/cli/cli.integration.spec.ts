import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertPlatform } from './cli';
import { identityOf } from '../process/process-identity';
import { eventually } from '../testing/eventually';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../testing/leak-check';
import { graphOf, stubNxWorkspace, type StubNxWorkspace } from '../testing/stub-nx-workspace';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';

jest.setTimeout(120_000);

let folder: TemporaryFolder;
let leaks: LeakCheck;
let workspace: StubNxWorkspace;
beforeEach(async () => {
  folder = await temporaryFolder('cli');
  leaks = await startLeakCheck();
  workspace = await stubNxWorkspace(folder.path);
});
afterEach(async () => {
  const left = await expectNothingLeft(leaks).catch((error: unknown) => error);
  await workspace.end();
  await leaks.end();
  await folder.remove();
  if (left) throw left;
});

const GRAPH = graphOf({ 'links:build': [], 'links:test': ['links:build'] });
const task = (id: string, extra = {}) => {
  const [project, target] = id.split(':');
  return { id, project, target, status: 'success', cache: 'miss', startTime: 0, endTime: 1500, ...extra };
};
const report = (id: string, headline: string, extra = {}) => {
  const [project, target] = id.split(':');
  return { project, target, headline, status: 'passed', exitCode: 0, ...extra };
};
const PASSED = {
  graph: GRAPH,
  projects: ['links', 'gateway'],
  record: [task('links:build', { cache: 'local' }), task('links:test')],
  reports: [
    report('links:build', 'links, 6.1 MB', { runId: 'an-earlier-run' }),
    report('links:test', '24 passed'),
  ],
};

describe('a target', () => {
  test('prints the line of Nx, runs it, and closes with one summary that is also written', async () => {
    await workspace.stub(PASSED);
    const { exitCode, output } = await workspace.run(['test', 'links', '--parallel=2']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toContain('> nx run-many -t test -p links --parallel=2\nNX says hello');
    expect(output).toMatch(/rust-platform test: passed · \d+\.\d s · 2 tasks, 1 from the cache/);
    expect(output).toContain('  links    build  passed  1.5 s  cache hit  links, 6.1 MB\n');
    expect(output).toContain('  links    test   passed  1.5 s  -          24 passed\n');
    expect(output).toContain('reports/test.md, reports/test.json, reports/test.xml');
    const written = JSON.parse(await readFile(join(workspace.root, 'reports/test.json'), 'utf8')) as object;
    expect(written).toMatchObject({
      name: 'test',
      exitCode: 0,
      command: 'nx run-many -t test -p links --parallel=2',
    });
    const log = await workspace.log();
    expect(log).toContain('run run-many -t test -p links --parallel=2 keep=undefined remote=undefined');
    expect(log.find((line) => line.startsWith('graph'))).toMatch(
      /^graph run-many -t test -p links --parallel=2 --graph=.*\.plan\.json$/,
    );
  });

  test('keeps stdout for results: the line of Nx goes to stderr', async () => {
    await workspace.stub(PASSED);
    const child = await workspace.start(['test']);
    await child.exited;
    expect(child.lines).toContain('> nx run-many -t test');
  });

  test('that Nx drops fails the run, named, although Nx ends with 0', async () => {
    await workspace.stub({ ...PASSED, record: [task('links:build')], reports: [report('links:build', '')] });
    const { exitCode, output } = await workspace.run(['test']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 1 });
    expect(output).toContain('error[task-dropped]: Nx dropped links:test');
  });

  test('whose report is of another run has no result', async () => {
    const stale = [report('links:build', ''), report('links:test', '24 passed', { runId: 'an-earlier-run' })];
    await workspace.stub({ ...PASSED, record: [task('links:build'), task('links:test')], reports: stale });
    const { exitCode, output } = await workspace.run(['test']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 1 });
    expect(output).toContain('error[report-missing]: links:test ran and left no report of this run');
  });

  test.each([
    [3, 'not judged'],
    [6, 'failed and not rolled back'],
  ])('ends with exit code %i of its report instead of the 1 of Nx', async (code, verdict) => {
    const failed = report('links:test', 'bad', { status: 'failed', exitCode: code });
    const record = [task('links:build'), task('links:test', { status: 'failure' })];
    await workspace.stub({ ...PASSED, exitCode: 1, record, reports: [report('links:build', ''), failed] });
    const { exitCode, output } = await workspace.run(['test']);
    expect({ exitCode, output }).toMatchObject({ exitCode: code });
    expect(output).toContain(`rust-platform test: ${verdict} (exit code ${code})`);
  });

  test('that a hook refuses ends with the exit code of the refusal', async () => {
    const error = {
      code: 'exclusive-task',
      what: 'web:lint is exclusive',
      fix: ['nx run web:lint'],
      exitCode: 2,
    };
    await workspace.stub({ graph: GRAPH, exitCode: 1, record: [], error });
    const { exitCode, output } = await workspace.run(['test']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 2 });
    expect(output).toContain('error[exclusive-task]: web:lint is exclusive');
  });

  test('is not judged when the plan cannot be read', async () => {
    await workspace.stub({ ...PASSED, graphError: 'the graph is broken' });
    const { exitCode, output } = await workspace.run(['test']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 3 });
    expect(output).toContain('the plan of the run could not be read (the graph is broken)');
  });

  test('what a chain must obey travels as environment', async () => {
    await workspace.stub(PASSED);
    const { output } = await workspace.run(['test', '--keep-deps', 'links', '--allow-remote']);
    expect(output).toContain(
      '> RUST_PLATFORM_KEEP_DEPS=1 RUST_PLATFORM_ALLOW_REMOTE=1 nx run-many -t test -p links',
    );
    expect(await workspace.log()).toContain('run run-many -t test -p links keep=1 remote=1');
  });

  test.each([
    [['test-api', 'links', '--running'], 'run-many -t test-api-live -p links --running'],
    [['test-api', '--url', 'http://x:1', 'links'], 'run-many -t test-api-live -p links --url=http://x:1'],
    [['test-api', 'links'], 'run-many -t test-api -p links'],
    [['test', 'links', '--', '--dry-run', 'x'], 'run-many -t test -p links -- --dry-run x'],
  ])('%j runs %s', async (args, line) => {
    await workspace.stub({ ...PASSED, graph: graphOf({}) });
    await workspace.run(args);
    expect(await workspace.log()).toContain(`run ${line} keep=undefined remote=undefined`);
  });

  test('that nobody has is wrong usage', async () => {
    await workspace.stub({ graph: graphOf({}), record: [] });
    const { exitCode, output } = await workspace.run(['bench']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 2 });
    expect(output).toContain('nothing to do: no project has a target bench');
  });

  test('--dry-run prints the plan and starts no task', async () => {
    await workspace.stub(PASSED);
    const { exitCode, output } = await workspace.run(['testing', 'links', '--dry-run']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(/1 {2}links:build .*\n {2}2 {2}links:test .* links:build/);
    expect((await workspace.log()).filter((line) => line.startsWith('run'))).toEqual([]);
  });
});

describe('wrong usage', () => {
  test.each([
    [['tset'], 'There is no command tset', 'did you mean test?'],
    [['deploy'], 'There is no command deploy', 'rust-platform --help'],
    [['test', 'lnks'], 'There is no service or project called lnks', 'did you mean links?'],
    [['deps', 'reset'], 'There is no service or project called reset', ''],
    [['doctor', '--wrong'], "unknown option '--wrong'", 'rust-platform --help'],
  ])('%j is refused with exit code 2 and a fix', async (args, what, fix) => {
    await workspace.stub(PASSED);
    const { exitCode, output } = await workspace.run(args);
    expect({ exitCode, output }).toMatchObject({ exitCode: 2 });
    expect(output).toContain(what);
    expect(output).toContain(fix);
    expect((await workspace.log()).filter((line) => line.startsWith('run'))).toEqual([]);
  });

  test('no arguments: help and exit code 2', async () => {
    const { exitCode, output } = await workspace.run([]);
    expect(exitCode).toBe(2);
    expect(output).toContain('Usage: rust-platform <target or workflow>');
    expect(output).toContain('130, 143  interrupted');
  });

  test.each([[['--help']], [['test', '--help']], [['help', 'bench']], [['--version']]])(
    '%j is no error',
    async (args) => {
      const { exitCode, output } = await workspace.run(args);
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      expect(output).toMatch(/Usage: rust-platform|^\d+\.\d+\.\d+$/);
    },
  );
});

describe('signals', () => {
  async function startHanging(hang: true | 'deaf' = true) {
    const record = [task('links:build'), task('links:test', { status: 'stopped' })];
    await workspace.stub({ ...PASSED, hang, record, reports: [report('links:build', 'built')] });
    const child = await workspace.start(['test']);
    await child.line(/NX says hello/);
    return child;
  }

  async function nxPid(): Promise<number> {
    const line = (await workspace.log()).find((entry) => entry.startsWith('pid '));
    return Number(line?.slice('pid '.length));
  }

  test('Ctrl-C reaches Nx once, the summary of what was done is printed, exit code 130', async () => {
    const child = await startHanging();
    process.kill(-child.identity.pid, 'SIGINT');
    expect((await child.exited).exitCode).toBe(130);
    const output = child.lines.join('\n');
    expect(output).toContain('rust-platform test: interrupted (exit code 130)');
    expect(output).toMatch(/links {4}build {2}passed/);
    expect(output).toMatch(/links {4}test {3}interrupted/);
    expect((await workspace.log()).filter((line) => line.startsWith('got'))).toEqual(['got SIGINT']);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)('%s for the launcher alone is passed on, exit code %i', async (signal, code) => {
    const child = await startHanging();
    child.kill(signal);
    expect((await child.exited).exitCode).toBe(code);
    await eventually(async () => (await workspace.log()).includes(`got ${signal}`), `Nx has heard ${signal}`);
  });

  test('a second Ctrl-C ends an Nx that does not listen', async () => {
    const child = await startHanging('deaf');
    process.kill(-child.identity.pid, 'SIGINT');
    await eventually(async () => (await workspace.log()).includes('got SIGINT'), 'Nx has heard the first');
    process.kill(-child.identity.pid, 'SIGINT');
    expect((await child.exited).exitCode).toBe(130);
    expect(child.lines.join('\n')).toContain('rust-platform test: interrupted (exit code 130)');
  });

  test('Nx ends with a launcher that was killed by SIGKILL', async () => {
    const child = await startHanging();
    const pid = await nxPid();
    child.kill('SIGKILL');
    await child.exited;
    await expectNothingLeft(leaks);
    expect(await workspace.log()).toContain('got SIGTERM');
    expect(await identityOf(pid)).toBeUndefined();
  });
});

const CHAIN = {
  graph: graphOf({ 'links:test': [], 'links:testing': ['links:test'] }, (target) =>
    target === 'testing' ? 'nx:noop' : `rust-platform-plugin:${target}`,
  ),
  record: [task('links:test'), task('links:testing')],
  reports: [report('links:test', '24 passed')],
};

test('a second workflow in the same checkout waits and says for whom', async () => {
  await workspace.stub({ ...CHAIN, hang: true, waitFor: 'go' });
  const first = await workspace.start(['testing']);
  await first.line(/NX says hello/);
  const second = await workspace.start(['testing']);
  const waiting = await second.line(/^waiting for/);
  expect(waiting).toMatch(
    new RegExp(
      `^waiting for rust-platform testing \\(pid ${first.identity.pid}, since .*\\) in this checkout$`,
    ),
  );
  expect(second.lines).not.toContain('NX says hello');
  const third = await workspace.start(['testing']);
  await third.line(/^waiting for/);
  third.kill('SIGINT');
  expect((await third.exited).exitCode).toBe(130);
  expect(third.lines.join('\n')).toContain('error[interrupted]');
  await workspace.stub(CHAIN);
  await writeFile(join(workspace.root, 'go'), '');
  expect((await first.exited).exitCode).toBe(0);
  expect((await second.exited).exitCode).toBe(0);
});

test.each(['win32', 'freebsd'] as const)('%s stops with one sentence', (platform) => {
  expect(() => assertPlatform(platform)).toThrow(
    `${platform} is not supported: Linux and macOS are, and Windows through WSL`,
  );
});

test('another target does not wait for a workflow', async () => {
  await workspace.stub({ ...CHAIN, hang: true });
  const first = await workspace.start(['testing']);
  await first.line(/NX says hello/);
  await workspace.stub(PASSED);
  expect(await workspace.run(['test'])).toMatchObject({ exitCode: 0 });
  first.kill('SIGTERM');
  expect((await first.exited).exitCode).toBe(143);
});
