import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createWorkspace, expectNoProcesses, type Workspace } from './workspace';

/** What users do wrong or meet: each a clear error with its fix, exit ≠ 0, nothing left running. */
describe('faults', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('faults');
    await workspace.nx(['run-many', '-t', 'build']);
  });
  afterEach(() => expectNoProcesses(workspace));
  afterAll(() => workspace.remove());

  test('a service that panics at start: its last lines', async () => {
    const { exitCode, output } = await workspace.nx(['run', 'hello:test-api'], { env: { FAULT: 'panic' } });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/error\[service-exited\]/);
    expect(output).toMatch(/FAULT=panic: the configuration is missing/);
    expect(output).toMatch(/fix: /);
  });

  test('a service that never gets ready', async () => {
    await workspace.edit('rust/hello/Cargo.toml', (text) => `${text}start-timeout = 4\n`);
    const { exitCode, output } = await workspace.nx(['run', 'hello:test-api'], { env: { FAULT: 'hang' } });
    await workspace.edit('rust/hello/Cargo.toml', (text) => text.replace('start-timeout = 4\n', ''));
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/error\[service-not-ready\]/);
    expect(output).toMatch(/waiting for nothing/);
  });

  test('a service that listens on another port: which, and the line of metadata', async () => {
    const { exitCode, output } = await workspace.nx(['run', 'hello:test-api'], {
      env: { FAULT: 'other-port' },
    });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/error\[wrong-port\]/);
    expect(output).toMatch(/\[package\.metadata\.rust-platform\.env\]/);
  });

  test('a service that dies during its API tests fails them with its last lines', async () => {
    const { exitCode, output } = await workspace.nx(['run', 'hello:test-api'], {
      env: { FAULT: 'die-later' },
    });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/FAULT=die-later: out of luck/);
  });

  test('a migration that fails in the middle: file and line, nothing half-applied', async () => {
    const file = 'rust/hello/migrations/20260102000000_break.sql';
    await workspace.write(file, 'CREATE TABLE half (id INT);\nCREATE TABEL other (id INT);\n');
    const { exitCode, output } = await workspace.nx(['run', 'hello:db-migrate']);
    await workspace.write(file, 'CREATE TABLE half (id INT);\n');
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/20260102000000_break\.sql:2/);
    expect(await workspace.nx(['run', 'hello:db-migrate'])).toMatchObject({ exitCode: 0 });
  });

  test('a remote DATABASE_URL is refused with its host and without its password', async () => {
    const env = { DATABASE_URL: 'postgres://admin:s3cr3t-word@db.example.com:5432/main' };
    for (const run of [
      workspace.platform(['testing', 'hello'], { env }),
      workspace.platform(['db-migrate', 'hello'], { env }),
    ]) {
      const { exitCode, output } = await run;
      expect({ exitCode, output }).toMatchObject({ exitCode: 2 });
      expect(output).toMatch(/db\.example\.com/);
      expect(output).not.toMatch(/s3cr3t-word/);
    }
  });

  test('the port of PostgreSQL taken by a stranger: who, and the fix; Redis is not left half-started', async () => {
    const stranger = await listen(workspace.postgresPort);
    const { exitCode, output } = await workspace.nx(['run', 'hello:deps']);
    await close(stranger);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/error\[port-taken\]/);
    expect(output).toMatch(new RegExp(`${workspace.postgresPort}.*pid ${process.pid}`, 's'));
    expect(output).toMatch(/fix: /);
  });

  test('no way to get a server: one error with every way, exit 4, before anything is built', async () => {
    const { exitCode, output } = await workspace.platform(['testing', 'hello'], {
      env: { RUST_PLATFORM_PROVIDERS: 'given' },
    });
    expect({ exitCode, output }).toMatchObject({ exitCode: 4 });
    expect(output).toMatch(/DATABASE_URL/);
    expect(output).toMatch(/docker/i);
    expect(output).toMatch(/apt|brew|dnf/);
  });

  test('a stale lock: the error is cargo’s own verdict with its fix', async () => {
    const good = await workspace.read('rust/Cargo.lock');
    await workspace.write('rust/Cargo.lock', good.replace(/\n\[\[package\]\]\nname = "shared"[^[]*/, '\n'));
    const { exitCode, output } = await workspace.nx(['run', 'hello:build']);
    await workspace.write('rust/Cargo.lock', good);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/error\[stale-lock\]/);
    expect(output).toMatch(/fix: cargo /);
  });

  test('without a lock file nothing is reused, and the summary says why', async () => {
    const good = await workspace.read('rust/Cargo.lock');
    const runs = [];
    for (let run = 0; run < 2; run += 1) {
      // Cargo writes one when it builds without.
      await rm(join(workspace.root, 'rust/Cargo.lock'));
      runs.push(await workspace.nx(['run', 'shared:build']));
    }
    await workspace.write('rust/Cargo.lock', good);
    for (const { exitCode, output } of runs) {
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      expect(output).toMatch(/not cached: .*Cargo\.lock/);
      expect(output).not.toMatch(/cache hit/);
    }
  });

  test('two checkouts at once: the second gets free ports and says so', async () => {
    const second = await createWorkspace('second');
    await second.write('nx.json', await workspace.read('nx.json'));
    const shared = { env: { TMPDIR: workspace.temporary } };
    expect(await workspace.nx(['run', 'hello:deps'])).toMatchObject({ exitCode: 0 });
    const { exitCode, output } = await second.platform(['deps', 'hello'], shared);
    const status = await second.platform(['deps', 'status', '--json'], shared);
    await second.platform(['deps', 'stop'], shared);
    await workspace.platform(['deps', 'stop']);
    await expectNoProcesses(second);
    await second.remove();
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toMatch(new RegExp(`${workspace.postgresPort}.*another checkout`));
    expect((JSON.parse(status.output) as { postgres: { port: number } }).postgres.port).not.toBe(
      workspace.postgresPort,
    );
  });
});

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
