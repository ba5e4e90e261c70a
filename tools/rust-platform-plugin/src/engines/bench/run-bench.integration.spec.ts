import { PlatformError } from '../../errors';
import { eventually } from '../../testing/eventually';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { startNodeServer, type NodeServer } from '../../testing/node-server';
import type { BenchSettings } from './bench-settings';
import { formatHeadline, formatTable } from './format-bench';
import { parseScenarios } from './parse-scenarios';
import { runBench } from './run-bench';
import { healthPlan, type BenchPlan } from './scenarios';

jest.setTimeout(120_000);

let server: NodeServer;
let leaks: LeakCheck;
const lines: string[] = [];

beforeEach(async () => {
  leaks = await startLeakCheck();
  lines.length = 0;
});
afterEach(async () => {
  await server.stop();
  await expectNothingLeft(leaks);
  await leaks.end();
});

const SETTINGS: BenchSettings = {
  profile: 'smoke',
  connections: 4,
  duration: 1,
  warmup: 1,
  runs: 2,
  timeout: 1,
};

async function bench(
  handler: string,
  plan: BenchPlan,
  settings: Partial<BenchSettings> = {},
  signal?: AbortSignal,
) {
  server = await startNodeServer(handler);
  return runBench({
    workspaceRoot: __dirname,
    baseUrl: server.url,
    plan,
    settings: { ...SETTINGS, ...settings },
    environment: {
      rustc: 'rustc 1.95.0\nhost: x',
      binary: { file: 'x', sha256: '00', bytes: 1 },
      logLevel: 'warn',
      servers: {},
    },
    report: (line) => lines.push(line),
    signal,
  });
}

describe('runBench', () => {
  it('sets up, warms up apart, measures runs, and describes where', async () => {
    const plan = parseScenarios(
      `
[[setup]]
name = "things"
method = "POST"
path = "/things/{{n}}"
body = '{"n":{{n}}}'
repeat = 20
expect = 201

[[scenario]]
name = "read"
weight = 3
path = "/things/{{n % 20}}"

[[scenario]]
name = "redirect"
path = "/old"
expect = [307]
`,
      'scenarios.toml',
    );
    const result = await bench(
      `
      const things = (globalThis.things ??= new Map());
      if (request.method === 'POST') { things.set(request.url, JSON.parse(body)); response.statusCode = 201; }
      else if (request.url === '/old') response.statusCode = 307;
      else response.statusCode = things.has(request.url) ? 200 : 404;
      response.end();
    `,
      plan,
    );
    expect(result.failures).toEqual([]);
    expect(result.setup?.requests).toBe(20);
    expect(result.runs).toHaveLength(2);
    expect(result.warmup?.requests).toBeGreaterThan(10);
    const [first, second] = result.runs;
    expect(result.combined.requests).toBe((first?.requests ?? 0) + (second?.requests ?? 0));
    expect(result.combined.latency?.count).toBe(result.combined.requests);
    expect(result.combined.latency?.p50).toBeGreaterThan(10);
    expect(result.combined.scenarios.map(({ statuses }) => Object.keys(statuses))).toEqual([
      ['200'],
      ['307'],
    ]);
    expect(result.environment).toMatchObject({
      node: process.version,
      rustc: 'rustc 1.95.0',
      git: { commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
    });
    expect(result.environment.load.during).toHaveLength(3);
    expect(lines).toEqual(['warming up for 1 s', 'run 1 of 2: 1 s', 'run 2 of 2: 1 s']);
    expect(formatHeadline(result)).toMatch(/^[\d,]+ req\/s, p50 \d+\.\d+ ms, p99 [\d.]+ ms, 0 errors$/);
    expect(formatTable(result)).toHaveLength(7);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('fails on statuses that nobody expects', async () => {
    const result = await bench('response.statusCode = 500; response.end()', healthPlan('/'));
    expect(result.combined.requests).toBe(0);
    expect(result.runs).toHaveLength(0);
    expect(result.failures).toEqual([
      expect.stringMatching(/^scenario 'health': [\d,]+ responses with an unexpected status \(\d+ × 500\)$/),
      'not a single request succeeded',
      '2 of 2 runs left out: nothing succeeded before',
    ]);
  });

  it('fails on a server that hangs, with the time-outs counted', async () => {
    const result = await bench('', healthPlan('/'), { warmup: 0, duration: 3, runs: 1 });
    expect(result.combined.errors['timeout']).toBeGreaterThanOrEqual(4);
    expect(result.failures[0]).toMatch(/× timeout/);
  });

  it('refuses to measure when a setup request fails, and shows the answer without secrets', async () => {
    const plan = parseScenarios(
      '[[setup]]\nname = "a"\npath = "/a/{{n}}"\nrepeat = 3\n[[scenario]]\nname = "b"\npath = "/"\n',
      'scenarios.toml',
    );
    const running = bench(
      `response.statusCode = request.url === '/a/2' ? 409 : 200; response.end('at postgres://u:sekret@h/db');`,
      plan,
    );
    const error = await running.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PlatformError);
    expect((error as PlatformError).message).toContain(
      "error[bench-setup-failed]: the setup request 'a' (GET /a/2, n = 2) was answered with status 409",
    );
    expect((error as PlatformError).message).toContain('postgres://u:***@h/db');
  });

  it('ends at once with the abort signal', async () => {
    const controller = new AbortController();
    const running = bench('response.end()', healthPlan('/'), { duration: 60 }, controller.signal);
    const ended = expect(running).rejects.toThrow('stop');
    await eventually(() => lines.includes('run 1 of 2: 60 s'), 'the first run');
    const start = Date.now();
    controller.abort(new Error('stop'));
    await ended;
    expect(Date.now() - start).toBeLessThan(10_000);
  });
});
