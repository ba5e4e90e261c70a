import { createWorkspace, expectNoProcesses, waitUntil, type Workspace } from './workspace';

describe('rust-platform testing', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await createWorkspace('testing');
  });
  afterEach(async () => {
    await expectNoProcesses(workspace);
    await workspace.remove();
  });

  test('runs the chain, prints one summary, leaves nothing; the second run says what came from the cache', async () => {
    const first = await workspace.platform(['testing']);
    expect(first).toMatchObject({ exitCode: 0 });
    for (const step of ['build', 'test', 'test-api', 'testing-bench', 'clippy', 'rustfmt', 'audit']) {
      expect(first.output).toMatch(new RegExp(`hello\\s+${step}\\b`));
    }
    expect(first.output).toMatch(/nx run-many -t testing/);
    await expectNoProcesses(workspace);
    const record = JSON.parse(await workspace.read('reports/testing.json')) as object;
    expect(record).toEqual(expect.any(Object));
    expect(await workspace.read('reports/testing.md')).toContain('hello');
    expect(await workspace.read('reports/testing.xml')).toContain('<testsuite');

    const second = await workspace.platform(['testing']);
    expect(second).toMatchObject({ exitCode: 0 });
    for (const step of ['build', 'test', 'test-api', 'clippy', 'rustfmt']) {
      expect(second.output).toMatch(new RegExp(`hello\\s+${step}\\b.*cache`));
    }
    expect(second.output).toMatch(/hello\s+testing-bench\b.*req\/s/);
  });

  test('with the daemon on the launcher prints the same summary', async () => {
    const env = { NX_DAEMON: 'true' };
    const { exitCode, output } = await workspace.platform(['test-api'], { env });
    await workspace.nx(['daemon', '--stop'], { env });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(/hello\s+test-api\b.*2 passed/);
  });

  test('independent steps go on after a failure, and the exit code is 1', async () => {
    await workspace.edit('rust/hello/api/hello.http', (text) => text.replace('hello world', 'good bye'));
    const { exitCode, output } = await workspace.platform(['testing', 'hello']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 1 });
    expect(output).toMatch(/hello\s+test-api\b.*1 failed/);
    expect(output).toMatch(/hello\s+testing-bench\b.*req\/s/);
    expect(output).toMatch(/hello\s+clippy\b.*clean/);
  });

  test('an unknown service is refused with the nearest name, exit 2', async () => {
    const { exitCode, output } = await workspace.platform(['testing', 'helo']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 2 });
    expect(output).toMatch(/hello/);
  });

  test('--dry-run prints the plan and starts no task', async () => {
    const { exitCode, output } = await workspace.platform(['testing', 'hello', '--dry-run']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(/hello.*build/);
    await expect(workspace.read('reports/hello/build.json')).rejects.toThrow();
  });

  test('two runs at once in one checkout both end well', async () => {
    const runs = [workspace.platform(['testing', 'hello']), workspace.platform(['testing', 'hello'])];
    for (const { exitCode, output } of await Promise.all(runs))
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s in the middle ends everything, exit %i', async (signal, code) => {
    const running = workspace.start('platform', ['testing', 'hello']);
    await waitUntil(
      async () => (await workspace.processes()).some((line) => line.includes('dist/rust/hello/hello')),
      240_000,
      () => `the service runs in:\n${running.output()}`,
    );
    running.process.kill(signal);
    const { exitCode, output } = await running.finished;
    expect({ exitCode, output }).toMatchObject({ exitCode: code });
  });

  test('SIGKILL of the launcher leaves nothing running', async () => {
    const running = workspace.start('platform', ['testing', 'hello']);
    await waitUntil(
      async () => (await workspace.processes()).some((line) => line.includes('dist/rust/hello/hello')),
      240_000,
      () => `the service runs in:\n${running.output()}`,
    );
    running.process.kill('SIGKILL');
    await running.finished;
  });
});
