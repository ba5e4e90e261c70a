import type { BenchResult } from '../../engines/bench/bench-result';
import { machineLock } from '../../engines/locks';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runExecutor, startExecutor, type ExecutorRun } from '../../testing/run-executor';
import { serviceWorkspace, type FakeService, type ServiceWorkspace } from '../../testing/service-workspace';

jest.setTimeout(180_000);

let leaks: LeakCheck;
let workspace: ServiceWorkspace;

beforeEach(async () => {
  leaks = await startLeakCheck();
});
afterEach(async () => {
  await expectNothingLeft(leaks, { withinMs: 30_000 }).finally(() => workspace?.remove());
  await leaks.end();
});

const SHORT = { profile: 'smoke', connections: 4, duration: 1, warmup: 1, runs: 2 };

async function request(services: Record<string, FakeService>, options: object = SHORT): Promise<ExecutorRun> {
  workspace = await serviceWorkspace(services);
  const project = Object.keys(services)[0] ?? '';
  return {
    root: workspace.root,
    executor: 'bench',
    project,
    projectRoot: `services/${project}`,
    target: 'bench',
    options,
    env: workspace.env,
  };
}

const HELLO = '[[scenario]]\nname = "hello"\npath = "/hello?n={{n}}"\n';

describe('bench', () => {
  it('measures the scenarios and writes figures, environment and table', async () => {
    const result = await runExecutor(
      await request({ edge: { needs: ['store'], scenarios: HELLO }, store: {} }),
    );
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(result.report?.headline).toMatch(/^[\d,]+ req\/s, p50 [\d.]+ ms, p99 [\d.]+ ms, 0 errors$/);
    const data = result.report?.data as BenchResult;
    expect(data.runs).toHaveLength(2);
    expect(data.combined.latency?.p50).toBeGreaterThan(20);
    expect(data.environment).toMatchObject({
      rustc: 'rustc 1.95.0 (test)',
      logLevel: 'warn',
      binary: { file: 'edge', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    const lines = result.stdout.split('\n');
    expect(lines[0]).toBe('profile smoke: 4 connections, warm-up 1 s, 2 × 1 s = 3 s of load');
    expect(lines).toContainEqual(expect.stringMatching(/^run 2 +[\d,]+ +[\d,]+ +[\d.]+ ms .* 0$/));
  });

  it('names what else of the checkout ran meanwhile', async () => {
    const run = await request({ edge: { scenarios: HELLO }, store: {} }, { ...SHORT, warmup: 0, runs: 1 });
    const store = {
      ...run,
      executor: 'serve',
      target: 'serve',
      project: 'store',
      projectRoot: 'services/store',
    };
    const served = await startExecutor({ ...store, options: {} });
    await served.line(/store is ready/);
    const result = await runExecutor(run);
    served.kill('SIGTERM');
    await served.exited;
    expect(result.report?.notes).toContainEqual(
      expect.stringMatching(/^foreign load: store ran meanwhile \(serve, pid \d+\)$/),
    );
  });

  it('asks the health URL when there is no scenario file, and says so', async () => {
    const result = await runExecutor(await request({ store: {} }));
    expect(result.report).toMatchObject({ status: 'passed', data: { plan: { source: 'health' } } });
    expect(result.report?.headline).toMatch(/\(health URL only\)$/);
    expect(result.report?.notes).toContainEqual(expect.stringContaining('no bench/scenarios.toml'));
  });

  it('fails on unexpected statuses, with the figures in the report', async () => {
    const result = await runExecutor(await request({ store: { fault: '500', scenarios: HELLO } }));
    expect(result.exitCode).toBe(1);
    expect(result.report).toMatchObject({ status: 'failed', error: { code: 'bench-errors' } });
    expect(result.stderr).toMatch(
      /scenario 'hello': [\d,]+ responses with an unexpected status \(\d+ × 500\)/,
    );
    expect((result.report?.data as BenchResult).combined.requests).toBe(0);
  });

  it('ends soon when the server dies, with its last lines', async () => {
    const scenarios = '[[scenario]]\nname = "die"\npath = "/die"\n';
    const run = await request({ store: { scenarios } }, { ...SHORT, duration: 60 });
    const result = await runExecutor(run);
    expect(result.report).toMatchObject({ status: 'failed', error: { code: 'service-died' } });
    expect(result.stderr).toContain('out of luck');
    expect(result.report?.durationMs).toBeLessThan(60_000);
  });

  it('refuses a scenario file with mistakes before anything is started', async () => {
    const run = await request({ store: { scenarios: `${HELLO}colour = 1\n`, built: false } });
    const result = await runExecutor(run);
    expect(result.report).toMatchObject({ exitCode: 2, error: { code: 'invalid-scenarios' } });
    expect(result.stderr).toContain("services/store/bench/scenarios.toml:4: unknown key 'colour'");
  });

  it('refuses nonsense options', async () => {
    const result = await runExecutor(await request({ store: {} }, { connections: 0, runs: 1.5 }));
    expect(result.report).toMatchObject({ exitCode: 2, error: { code: 'invalid-options' } });
  });

  it('waits for those who load the machine, says for whom, and stops waiting when interrupted', async () => {
    const lock = await machineLock('shared', { purpose: 'clippy of other' });
    try {
      const child = await startExecutor(await request({ store: {} }));
      await child.line(/waiting for the machine.*clippy of other/);
      child.kill('SIGINT');
      await child.exited;
      expect(child.lines.join('\n')).not.toContain('store is ready');
    } finally {
      await lock.release();
    }
  });

  it('stops everything when it is interrupted in the middle', async () => {
    const child = await startExecutor(
      await request({ store: { scenarios: HELLO } }, { ...SHORT, duration: 60 }),
    );
    await child.line(/^run 1 of 2/);
    const start = Date.now();
    child.kill('SIGINT');
    await child.exited;
    expect(Date.now() - start).toBeLessThan(10_000);
  });
});
