import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runExecutor, startExecutor } from '../../testing/run-executor';
import { serviceWorkspace, type FakeService, type ServiceWorkspace } from '../../testing/service-workspace';

jest.setTimeout(120_000);

let leaks: LeakCheck;
let workspace: ServiceWorkspace | undefined;

beforeEach(async () => {
  leaks = await startLeakCheck();
});
afterEach(async () => {
  await expectNothingLeft(leaks, { withinMs: 30_000 }).finally(() => workspace?.remove());
  await leaks.end();
});

const HELLO = 'GET {{host}}/hello\n?? status == 200\n?? body text == hello world\n';

async function testApi(
  services: Record<string, FakeService>,
  project: string,
  more: { env?: object; options?: object } = {},
) {
  workspace = await serviceWorkspace(services);
  return runExecutor({
    root: workspace.root,
    executor: 'test-api',
    project,
    projectRoot: `services/${project}`,
    target: 'test-api',
    options: more.options ?? {},
    env: { ...workspace.env, ...more.env },
  });
}

describe('test-api', () => {
  it('starts the service, runs its files, stops it', async () => {
    const result = await testApi({ store: { http: { 'a.http': HELLO, 'b.http': HELLO } } }, 'store');
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(result.report).toMatchObject({
      status: 'passed',
      exitCode: 0,
      headline: '2 passed, 0 failed',
      files: ['reports/store/test-api.xml'],
      data: { passed: 2, tests: [{ file: 'services/store/api/a.http', request: 'GET /hello' }, {}] },
    });
    const junit = await readFile(join(workspace?.root ?? '', 'reports/store/test-api.xml'), 'utf8');
    expect(junit).toContain('tests="2" failures="0"');
  });

  it('starts what is needed first, and tells each where the other is', async () => {
    const http = { 'a.http': 'GET {{host}}/upstream\n?? status == 200\n?? body text == hello world\n' };
    const result = await testApi({ edge: { needs: ['store'], http }, store: {} }, 'edge');
    expect(result.report).toMatchObject({ status: 'passed', headline: '1 passed, 0 failed' });
    expect(result.stdout).toMatch(/store is ready at [^]*edge is ready at /);
  });

  it('fails with the tests, shows what failed and leaves a report', async () => {
    const http = { 'a.http': `### broken\nGET {{host}}/fail\n?? status == 200\n\n### fine\n${HELLO}` };
    const result = await testApi({ store: { http } }, 'store');
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain(
      [
        'failed: services/store/api/a.http:2 broken (GET /fail)',
        '    status (500) == 200',
        '    response: 500 FAULT=500',
      ].join('\n'),
    );
    expect(result.report).toMatchObject({ status: 'failed', exitCode: 1, headline: '1 passed, 1 failed' });
  });

  it('fails when the server dies, although all tests passed', async () => {
    const http = {
      'a.http': 'GET {{host}}/die-soon\n?? status == 200\n\n###\n# @sleep 1000\nGET {{host}}/hello\n',
    };
    const result = await testApi({ store: { http: { 'a.http': http['a.http'] } } }, 'store');
    expect(result.exitCode).toBe(1);
    expect(result.report).toMatchObject({ status: 'failed', error: { code: 'service-died' } });
    expect(result.report?.headline).toContain('store died');
    expect(result.report?.error?.what).toContain('exit code 7');
  });

  it('fails when a needed service dies, and names it', async () => {
    const http =
      'GET {{host}}/upstream\n?? status == 200\n\n###\nGET {{host}}/kill-upstream\n?? status == 200\n';
    const result = await testApi({ edge: { needs: ['store'], http: { 'a.http': http } }, store: {} }, 'edge');
    expect(result.report).toMatchObject({ status: 'failed', headline: '2 passed, 0 failed, store died' });
  });

  it('stops what was started when a later service does not start', async () => {
    const services = { edge: { fault: 'panic', needs: ['store'], http: { 'a.http': HELLO } }, store: {} };
    const result = await testApi(services, 'edge');
    expect(result.stdout).toContain('store is ready');
    expect(result.report?.error?.what).toMatch(/^edge ended with exit code 101/);
  });

  it('shows the last lines of a service that ends at the start', async () => {
    const result = await testApi({ store: { fault: 'panic', http: { 'a.http': HELLO } } }, 'store');
    expect(result.exitCode).toBe(1);
    expect(result.report).toMatchObject({ status: 'failed', error: { code: 'service-exited' } });
    expect(result.stderr).toContain("thread 'main' panicked: FAULT=panic");
    expect(result.stderr).toContain('starting, step 40');
    expect(result.stderr).not.toContain('starting, step 1\n');
  });

  it.each([
    ['service-not-ready', { fault: 'hang', startTimeout: 1 }],
    ['wrong-port', { fault: 'other-port' }],
  ])('ends what never gets ready: %s', async (code, service) => {
    const result = await testApi({ store: { ...service, http: { 'a.http': HELLO } } }, 'store');
    expect(result.exitCode).toBe(1);
    expect(result.report?.error?.code).toBe(code);
  });

  it('refuses a server on another machine before anything else', async () => {
    const env = { DATABASE_URL: 'postgres://u:sekret@db.example.com/x' };
    const services = { store: { built: false, needs: ['postgres'], http: { 'a.http': HELLO } } };
    const result = await testApi(services, 'store', { env });
    expect(result.report).toMatchObject({ exitCode: 2, error: { code: 'remote-refused' } });
    expect(result.stdout + result.stderr + JSON.stringify(result.report)).not.toContain('sekret');
  });

  it('starts nothing without a build of everything it needs', async () => {
    const services = { edge: { needs: ['store'], http: { 'a.http': HELLO } }, store: { built: false } };
    const result = await testApi(services, 'edge');
    expect(result.report?.error).toMatchObject({ code: 'no-build', fix: ['rust-platform build store'] });
  });

  it.each([
    ['', {}],
    [', also a server that does not want to', { fault: 'deaf', gracePeriod: 5 }],
  ])('stops everything when it is interrupted%s', async (_, service) => {
    const http = { 'a.http': 'GET {{host}}/hang\n?? status == 200\n' };
    workspace = await serviceWorkspace({ store: { ...service, http } });
    const child = await startExecutor({
      root: workspace.root,
      executor: 'test-api',
      project: 'store',
      projectRoot: 'services/store',
      target: 'test-api',
      env: workspace.env,
    });
    await child.line(/store is ready/);
    const start = Date.now();
    child.kill('SIGINT');
    await child.exited;
    expect(Date.now() - start).toBeLessThan(8000);
    expect(child.lines.join('\n')).toContain('error[interrupted]');
  });
});
