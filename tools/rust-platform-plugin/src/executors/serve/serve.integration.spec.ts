import { once } from 'node:events';
import { createServer } from 'node:net';
import { eventually } from '../../testing/eventually';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runExecutor, startExecutor, type ExecutorRun } from '../../testing/run-executor';
import {
  findFreePort,
  isPortFree,
  serviceWorkspace,
  type FakeService,
  type ServiceWorkspace,
} from '../../testing/service-workspace';

jest.setTimeout(180_000);

let leaks: LeakCheck;
const workspaces: ServiceWorkspace[] = [];
let port: number;

beforeEach(async () => {
  leaks = await startLeakCheck();
  port = await findFreePort();
});
afterEach(async () => {
  await expectNothingLeft(leaks, { withinMs: 30_000, ports: [port] }).finally(async () => {
    for (const workspace of workspaces.splice(0)) await workspace.remove();
  });
  await leaks.end();
});

async function serving(services: Record<string, FakeService>, project = 'store'): Promise<ExecutorRun> {
  const workspace = await serviceWorkspace(services);
  workspaces.push(workspace);
  const { root, env } = workspace;
  return { root, executor: 'serve', project, projectRoot: `services/${project}`, target: 'serve', env };
}

const live = (run: ExecutorRun, options: object): ExecutorRun => ({
  ...run,
  executor: 'test-api-live',
  target: 'test-api-live',
  options,
});

const HELLO = 'GET {{host}}/hello\n?? status == 200\n?? body text == hello world\n';

describe('serve', () => {
  it('runs the service at its port, streams its log, can be tested meanwhile, and ends with a signal', async () => {
    const run = await serving({ store: { port, http: { 'a.http': HELLO } } });
    const child = await startExecutor(run);
    await child.line(new RegExp(`^store is ready at http://127.0.0.1:${port}$`));
    expect(child.lines).toContain('starting, step 1');
    const response = await fetch(`http://127.0.0.1:${port}/hello`, { headers: { connection: 'close' } });
    expect(await response.json()).toEqual({ text: 'hello world' });

    const running = await runExecutor(live(run, { running: true }));
    expect(running.stderr).toBe('');
    expect(running.report).toMatchObject({
      status: 'passed',
      target: 'test-api-live',
      headline: '1 passed, 0 failed',
    });
    const byUrl = await runExecutor(live(run, { url: `http://127.0.0.1:${port}/` }));
    expect(byUrl.report?.status).toBe('passed');

    const second = await runExecutor(run);
    expect(second.report).toMatchObject({ exitCode: 4, error: { code: 'already-served' } });

    child.kill('SIGINT');
    await child.exited;
    await eventually(() => isPortFree(port), 'the port to be free');
  });

  it('gives the server its grace after it has gone itself', async () => {
    const run = await serving({ store: { port, fault: 'deaf', gracePeriod: 2 } });
    const child = await startExecutor(run);
    await child.line(/store is ready/);
    const start = Date.now();
    child.kill('SIGTERM');
    await child.exited;
    expect(await isPortFree(port)).toBe(false);
    await eventually(() => isPortFree(port), 'the server to be ended');
    expect(Date.now() - start).toBeGreaterThan(1900);
  });

  it('ends the server when it is killed itself', async () => {
    const child = await startExecutor(await serving({ store: { port } }));
    await child.line(/store is ready/);
    child.kill('SIGKILL');
    await eventually(() => isPortFree(port), 'the port to be free');
  });

  it('fails when the server ends by itself, with its last lines', async () => {
    const child = await startExecutor(await serving({ store: { port } }));
    await child.line(/store is ready/);
    await fetch(`http://127.0.0.1:${port}/die`).catch(() => undefined);
    const { exitCode } = await child.exited;
    expect(exitCode).toBe(1);
    expect(child.lines.join('\n')).toMatch(/error\[service-died\].*exit code 7[^]*out of luck/);
  });

  it('names the stranger on its port, and the ways out', async () => {
    const stranger = createServer().listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    try {
      const result = await runExecutor(await serving({ store: { port } }));
      expect(result.report).toMatchObject({ exitCode: 4, error: { code: 'port-taken' } });
      expect(result.report?.error?.what).toContain(`pid ${process.pid}`);
      expect(result.report?.error?.fix).toEqual([
        `end that process: kill ${process.pid}`,
        expect.stringMatching(/^use another port: PORT=\d+ rust-platform serve store$/),
      ]);
    } finally {
      stranger.close();
      await once(stranger, 'close');
    }
  });

  it('takes a free port when another checkout has its port', async () => {
    const first = await startExecutor(await serving({ store: { port } }));
    await first.line(/store is ready/);
    const second = await startExecutor(await serving({ store: { port } }));
    expect(await second.line(/^note: /)).toMatch(
      new RegExp(`^note: port ${port} is taken by another checkout: pid \\d+ .*; using port \\d+$`),
    );
    await second.line(/store is ready at http:..127.0.0.1:\d+$/);
    for (const child of [first, second]) {
      child.kill('SIGTERM');
      await child.exited;
    }
  });

  it('tells where the needed service is served, or that it is not', async () => {
    const run = await serving({ edge: { port, needs: ['store'] }, store: {} }, 'edge');
    const alone = await startExecutor(run);
    expect(await alone.line(/^note: /)).toBe(
      'note: store, which edge needs, is not served: rust-platform serve store',
    );
    await alone.line(/edge is ready/);
    alone.kill('SIGTERM');
    await alone.exited;
    await eventually(() => isPortFree(port), 'the port to be free');

    const storePort = await findFreePort();
    const env = { ...run.env, PORT: String(storePort) };
    const store = await startExecutor({ ...run, env, project: 'store', projectRoot: 'services/store' });
    await store.line(new RegExp(`store is ready at .*:${storePort}$`));
    const edge = await startExecutor(run);
    await edge.line(/edge is ready/);
    const response = await fetch(`http://127.0.0.1:${port}/upstream`, { headers: { connection: 'close' } });
    expect(await response.json()).toEqual({ text: 'hello world' });
    for (const child of [edge, store]) {
      child.kill('SIGTERM');
      await child.exited;
    }
  });
});

describe('test-api-live', () => {
  it('says when nothing is served', async () => {
    const run = await serving({ store: { http: { 'a.http': HELLO } } });
    const result = await runExecutor(live(run, { running: true }));
    expect(result.report).toMatchObject({ exitCode: 4, error: { code: 'not-served' } });
  });

  it('fails with the tests of a server that is not there', async () => {
    const run = await serving({ store: { http: { 'a.http': HELLO } } });
    const result = await runExecutor(live(run, { url: `http://127.0.0.1:${port}` }));
    expect(result.report).toMatchObject({ status: 'failed', headline: '0 passed, 1 failed' });
    expect(result.stdout).toContain('ECONNREFUSED');
  });
});
