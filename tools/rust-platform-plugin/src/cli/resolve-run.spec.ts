import { build } from './commands/build';
import { chainEnvironment, resolveRun } from './resolve-run';
import type { RunRequest } from './run-request';

const launcher = { keepDeps: false, allowRemote: false, dryRun: false, skipPreflight: false };

function request(extra: Partial<RunRequest> = {}): RunRequest {
  return {
    command: build,
    target: 'build',
    needs: build.needs,
    services: [],
    nxOptions: [],
    launcher,
    ...extra,
  };
}

test('without services Nx takes all projects that have the target', () => {
  expect(resolveRun(request(), []).commandLine).toBe('nx run-many -t build');
});

test('services and options are passed on in their order', () => {
  const run = resolveRun(request({ nxOptions: ['--parallel', '2', '--', '-x'] }), ['links', 'gateway']);
  expect(run.nxArgs).toEqual([
    'run-many',
    '-t',
    'build',
    '-p',
    'links,gateway',
    '--parallel',
    '2',
    '--',
    '-x',
  ]);
  expect(run.commandLine).toBe('nx run-many -t build -p links,gateway --parallel 2 -- -x');
});

test('Nx gets the password of a URL, the printed line does not', () => {
  const run = resolveRun(request({ nxOptions: ['--url', 'http://u:s3cret@127.0.0.1:8080'] }), []);
  expect(run.nxArgs).toContain('http://u:s3cret@127.0.0.1:8080');
  expect(run.commandLine).toBe(`nx run-many -t build --url 'http://***@127.0.0.1:8080'`);
});

test('what the whole chain must obey travels as environment, and is shown', () => {
  const all = { ...launcher, keepDeps: true, allowRemote: true };
  expect(chainEnvironment(launcher)).toEqual({});
  expect(chainEnvironment(all)).toEqual({ RUST_PLATFORM_KEEP_DEPS: '1', RUST_PLATFORM_ALLOW_REMOTE: '1' });
  expect(resolveRun(request({ launcher: all }), []).commandLine).toBe(
    'RUST_PLATFORM_KEEP_DEPS=1 RUST_PLATFORM_ALLOW_REMOTE=1 nx run-many -t build',
  );
});
