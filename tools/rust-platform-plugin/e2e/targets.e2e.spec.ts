import { execa } from 'execa';
import { createWorkspace, expectNoProcesses, type Workspace } from './workspace';

/** Everything here runs through plain `nx`, in a pipe, with Nx's default output style. */
describe('targets', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('targets');
  });
  afterEach(() => expectNoProcesses(workspace));
  afterAll(() => workspace.remove());

  test('build makes the release binary with its record; the second run takes it from the cache', async () => {
    const first = await workspace.nx(['run-many', '-t', 'build']);
    expect(first).toMatchObject({ exitCode: 0 });
    const record = JSON.parse(await workspace.read('dist/rust/hello/build-record.json')) as Record<
      string,
      unknown
    >;
    expect(record).toMatchObject({
      profile: 'release',
      package: 'hello',
      binaries: [{ name: 'hello', sha256: expect.any(String) }],
    });
    const second = await workspace.nx(['run-many', '-t', 'build']);
    expect(second.output).toMatch(/3 out of 3 tasks|Cache:\s+3\/3 hit/);
  });

  test('test runs unit and doc tests and counts them', async () => {
    const { exitCode, output } = await workspace.nx(['run-many', '-t', 'test']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(await workspace.report('shared', 'test')).toMatchObject({
      status: 'passed',
      headline: expect.stringMatching(/2 passed/),
    });
    expect(output).toMatch(/shared.*2 passed/);
    expect(await workspace.read('reports/shared/test.xml')).toContain('it_greets_by_name');
  });

  test('test-api starts everything itself, and stops it', async () => {
    const { exitCode, output } = await workspace.nx(['run-many', '-t', 'test-api']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(await workspace.report('hello', 'test-api')).toMatchObject({
      status: 'passed',
      headline: expect.stringMatching(/2 passed/),
    });
    expect(await workspace.report('front', 'test-api')).toMatchObject({
      status: 'passed',
      headline: expect.stringMatching(/1 passed/),
    });
    expect(await workspace.read('reports/hello/test-api.xml')).toMatch(/<testsuite/);
  });

  test('test-api with nothing but hits needs no server and starts none', async () => {
    await workspace.write('.rust-platform/before', '');
    const { exitCode, output } = await workspace.nx(['run-many', '-t', 'test-api']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(/hello +test-api +passed .*cache hit.*2 passed/);
    // A server that starts writes its data and its log there.
    const { stdout } = await execa('find', ['.rust-platform/deps', '-newer', '.rust-platform/before'], {
      cwd: workspace.root,
    });
    expect(stdout).toBe('');
  });

  test('a changed source, lock, migration or API test misses; a touched file hits', async () => {
    const misses = async (): Promise<boolean> => {
      const { output } = await workspace.nx(['run', 'hello:test-api']);
      const line = /hello +test-api +passed.*/.exec(output)?.[0];
      if (!line) throw new Error(`no line for hello test-api in:\n${output}`);
      return !line.includes('cache hit');
    };
    await workspace.edit(
      'rust/hello/migrations/20260101000000_create_greetings.sql',
      (text) => `${text}-- more\n`,
    );
    expect(await misses()).toBe(true);
    await workspace.edit('rust/hello/api/hello.http', (text) =>
      text.replace('says hello', 'says hello to the world'),
    );
    expect(await misses()).toBe(true);
    await workspace.edit('rust/shared/src/lib.rs', (text) => `${text}\n`);
    expect(await misses()).toBe(true);
    await workspace.write('rust/hello/api/hello.http', await workspace.read('rust/hello/api/hello.http'));
    expect(await misses()).toBe(false);
  });

  test('bench shows its figures at the end, in a pipe too', async () => {
    const { exitCode, output } = await workspace.nx(['run-many', '-t', 'testing-bench']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(/hello.*[\d,]+ req\/s.*p50 [\d.]+ (µs|ms).*p99 [\d.]+ (µs|ms)/);
    const report = await workspace.report('hello', 'testing-bench');
    expect(report).toMatchObject({ status: 'passed', data: expect.any(Object) });
  });

  test('lint-rust runs clippy, rustfmt and audit; affected selects what changed', async () => {
    const base = await workspace.commit('before');
    await workspace.edit('rust/front/src/main.rs', (text) =>
      text.replace('front\\":true', 'front\\":true, \\"more\\":1'),
    );
    await workspace.commit('front changed');
    const { exitCode, output } = await workspace.nx(['affected', '-t', 'lint-rust', `--base=${base}`]);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(/front.*clippy.*clean|front.*lint-rust/);
    expect(output).not.toMatch(/hello:lint-rust/);
    expect(output).toMatch(/audit.*(not checked|clean)/);
  });

  test('a warning of clippy and a badly formatted file fail, and both are reported', async () => {
    const good = await workspace.read('rust/front/src/main.rs');
    await workspace.write('rust/front/src/main.rs', `${good}\nfn  unused( ) { let x = 5; }\n`);
    const { exitCode, output } = await workspace.nx(['run', 'front:lint-rust']);
    await workspace.write('rust/front/src/main.rs', good);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/function `unused` is never used/);
    expect(await workspace.report('front', 'clippy')).toMatchObject({ status: 'failed' });
    expect(await workspace.report('front', 'rustfmt')).toMatchObject({ status: 'failed' });
  });

  test('db-migrate applies once and finds nothing to do the second time', async () => {
    const first = await workspace.nx(['run', 'hello:db-migrate']);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(await workspace.report('hello', 'db-migrate')).toMatchObject({
      headline: expect.stringMatching(/^1 applied/),
    });
    const second = await workspace.nx(['run', 'hello:db-migrate']);
    expect(second).toMatchObject({ exitCode: 0 });
    expect(await workspace.report('hello', 'db-migrate')).toMatchObject({
      headline: expect.stringMatching(/^0 applied, 1 already there/),
    });
  });

  test('serve beside bench: every task runs, and the end of Nx ends the servers', async () => {
    const running = workspace.start('nx', [
      'run-many',
      '-t',
      'serve',
      'testing-bench',
      '-p',
      'hello',
      '--outputStyle=stream',
    ]);
    await running.waitFor(/req\/s/, 240_000);
    expect((await workspace.processes()).join('\n')).toMatch(/dist\/rust\/hello\/hello/);
    running.process.kill('SIGINT');
    await running.finished;
  });

  test('deps asked for by name stay until they are stopped; other runs use them', async () => {
    expect(await workspace.nx(['run', 'hello:deps'])).toMatchObject({ exitCode: 0 });
    const status = await workspace.platform(['deps', 'status', '--json']);
    expect(JSON.parse(status.output)).toMatchObject({
      postgres: { port: workspace.postgresPort },
      redis: { port: workspace.redisPort },
    });
    expect(await workspace.nx(['run', 'hello:db-migrate'])).toMatchObject({ exitCode: 0 });
    expect((await workspace.processes()).join('\n')).toMatch(/postgres/);
    expect(await workspace.platform(['deps', 'stop'])).toMatchObject({ exitCode: 0 });
  });

  test('nx run refuses what Nx would do wrongly', async () => {
    const dryRun = await workspace.nx(['run', 'hello:testing', '--dry-run']);
    expect(dryRun.exitCode).not.toBe(0);
    expect(dryRun.output).toMatch(/fix: .*rust-platform testing hello --dry-run/);
    const configuration = await workspace.nx(['run', 'hello:testing', '-c', 'stagng']);
    expect(configuration.exitCode).not.toBe(0);
    expect(configuration.output).toMatch(/stagng/);
    await workspace.write(
      'other/project.json',
      JSON.stringify({ name: 'other', targets: { alone: { command: 'echo ran', parallelism: false } } }),
    );
    const mixed = await workspace.nx(['run-many', '-t', 'serve', 'alone']);
    expect(mixed.exitCode).not.toBe(0);
    expect(mixed.output).toMatch(/other:alone/);
    expect(await workspace.nx(['run', 'other:alone'])).toMatchObject({ exitCode: 0 });
  });

  test('no report holds a password', async () => {
    for (const target of ['test-api', 'testing-bench', 'db-migrate']) {
      expect(await workspace.read(`reports/hello/${target}.json`)).not.toMatch(/:[^*@/\s"]+@127/);
    }
  });
});
