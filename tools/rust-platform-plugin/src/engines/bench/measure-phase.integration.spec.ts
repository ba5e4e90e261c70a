import { startNodeServer, type NodeServer } from '../../testing/node-server';
import { measurePhase } from './measure-phase';
import { RequestPicker } from './request-picker';
import { errorCount, type RunFigures } from './run-figures';
import { healthPlan, type Scenario } from './scenarios';

jest.setTimeout(60_000);

let server: NodeServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function load(handler: string, change: Partial<Parameters<typeof measurePhase>[0]> = {}, seconds = 1) {
  server = await startNodeServer(handler);
  const target = {
    baseUrl: server.url,
    scenarios: healthPlan('/').scenarios,
    connections: 4,
    timeoutSeconds: 1,
    ...change,
  };
  return measurePhase(target, new RequestPicker(target.scenarios), seconds);
}

function scenario(change: Partial<Scenario>): Scenario {
  return { ...(healthPlan('/').scenarios[0] as Scenario), ...change };
}

const p50 = (figures: RunFigures) => figures.latency?.p50 ?? 0;

describe('measurePhase', () => {
  it('measures below a millisecond', async () => {
    const figures = await load('response.end("ok")', { connections: 1 });
    expect(errorCount(figures)).toBe(0);
    expect(figures.requests).toBeGreaterThan(100);
    expect(p50(figures)).toBeGreaterThan(20);
    expect(figures.latency?.min).toBeLessThan(1000);
    expect(figures.latency?.count).toBe(figures.requests);
    expect(figures.requestsPerSecond).toBeCloseTo(figures.requests / figures.seconds, 5);
  });

  it('is honest about a handler that takes 0.3 ms', async () => {
    const busy =
      'const end = process.hrtime.bigint() + 300000n; while (process.hrtime.bigint() < end); response.end()';
    const figures = await load(busy, { connections: 1 });
    expect(figures.latency?.min).toBeGreaterThanOrEqual(300);
    expect(figures.latency?.min).toBeLessThan(1000);
  });

  it('sees the latency that the server has', async () => {
    const figures = await load('setTimeout(() => response.end("ok"), 30)');
    expect(p50(figures)).toBeGreaterThan(29_000);
    expect(figures.latency?.min).toBeGreaterThan(29_000);
    expect(figures.requests).toBeLessThanOrEqual((4 * figures.seconds * 1000) / 29);
  });

  it('keeps what is not expected out of throughput and latency', async () => {
    const figures = await load(`
      globalThis.n = (globalThis.n ?? 0) + 1;
      response.statusCode = globalThis.n % 4 === 0 ? 500 : 200;
      setTimeout(() => response.end('x'), response.statusCode === 500 ? 0 : 10);
    `);
    expect(figures.unexpected).toBeGreaterThan(5);
    expect(figures.scenarios[0]?.statuses['500']).toBe(figures.unexpected);
    expect(figures.scenarios[0]?.statuses['200']).toBe(figures.requests);
    expect(figures.latency?.min).toBeGreaterThan(9_000);
  });

  it('takes an expected redirect as success', async () => {
    const figures = await load('response.writeHead(307, { location: "/x" }); response.end()', {
      scenarios: [scenario({ expect: [307] })],
    });
    expect(figures.unexpected).toBe(0);
    expect(figures.requests).toBeGreaterThan(10);
  });

  it('counts connections that are closed without an answer, and goes on measuring honestly', async () => {
    const figures = await load(`
      globalThis.n = (globalThis.n ?? 0) + 1;
      if (globalThis.n % 10 === 0) request.socket.end();
      else setTimeout(() => response.end('x'), 5);
    `);
    expect(figures.errors['closed']).toBeGreaterThan(5);
    expect(figures.latency?.min).toBeGreaterThan(4_000);
    // Measured from the request before it, the times of one connection would overlap and add up to more than there was.
    const { mean = 0, count = 0 } = figures.latency ?? {};
    expect(mean * count).toBeLessThanOrEqual(4 * figures.seconds * 1_000_000);
  });

  it('counts connections that are reset', async () => {
    const figures = await load(`
      globalThis.n = (globalThis.n ?? 0) + 1;
      if (globalThis.n % 10 === 0) request.socket.resetAndDestroy();
      else response.end('x');
    `);
    expect(figures.errors['ECONNRESET']).toBeGreaterThan(5);
  });

  it('counts timeouts as timeouts', async () => {
    const figures = await load(
      `globalThis.n = (globalThis.n ?? 0) + 1; if (globalThis.n > 8) return; response.end('x');`,
      {},
      3,
    );
    expect(figures.requests).toBe(8);
    expect(figures.errors['timeout']).toBeGreaterThanOrEqual(4);
    expect(figures.errors['closed']).toBeUndefined();
  });

  it('counts what is still unanswered at the end of a run that is shorter than the timeout', async () => {
    const figures = await load('', { timeoutSeconds: 10 });
    expect(figures).toMatchObject({ requests: 0, errors: { unanswered: 4 }, latency: undefined });
  });

  it('gives up soon on a server that is not there', async () => {
    server = await startNodeServer('');
    await server.stop();
    const target = {
      baseUrl: server.url,
      scenarios: healthPlan('/').scenarios,
      connections: 2,
      timeoutSeconds: 1,
    };
    const figures = await measurePhase(target, new RequestPicker(target.scenarios), 20);
    expect(figures.errors['ECONNREFUSED']).toBeGreaterThanOrEqual(1000);
    expect(figures.stoppedEarly).toBe(true);
    expect(figures.seconds).toBeLessThan(10);
  });

  it('shares by weight and never gives the same number twice', async () => {
    const scenarios = [
      scenario({ name: 'read', weight: 3, path: '/read/{{n}}' }),
      scenario({
        name: 'create',
        method: 'POST',
        path: '/create',
        headers: { 'x-id': '{{n}}' },
        body: '{"id":{{n}}}',
        expect: [201],
      }),
    ];
    const figures = await load(
      `
      const seen = (globalThis.seen ??= new Set());
      const key = request.method + (body || request.url);
      const good = !seen.has(key) && (body === '' || JSON.parse(body).id === Number(request.headers['x-id']));
      seen.add(key);
      response.statusCode = !good ? 409 : request.method === 'POST' ? 201 : 200;
      response.end();
    `,
      { scenarios },
    );
    expect(figures.unexpected).toBe(0);
    const [read, create] = figures.scenarios;
    expect((read?.requests ?? 0) / (create?.requests ?? 1)).toBeCloseTo(3, 0);
  });
});
