import { createServer, type Server } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { checkNode } from './check-node';
import type { CheckResult, PreflightRequest } from './preflight-types';
import { preflightExitCode, runPreflight } from './run-preflight';

jest.setTimeout(60_000);

let folder: TemporaryFolder;
const path = process.env['PATH'] ?? '';
beforeEach(async () => {
  folder = await temporaryFolder('preflight');
  await mkdir(join(folder.path, 'bin'));
  await mkdir(join(folder.path, 'services'));
  process.env['PATH'] = join(folder.path, 'bin');
});
afterEach(async () => {
  process.env['PATH'] = path;
  await folder.remove();
});

/** A program on PATH, as the body of a shell script. */
async function stub(name: string, body: string): Promise<void> {
  await writeFile(join(folder.path, 'bin', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

async function stubCargo(tools: string[] = []): Promise<void> {
  const cases = tools.map((tool) => `${tool}) echo "cargo-${tool} 1.2.3";;`).join(' ');
  await stub(
    'cargo',
    `case "$1" in --version) echo "cargo 1.95.0";; ${cases} *) echo "error: no such command: $1" >&2; exit 101;; esac`,
  );
  await stub('rustc', 'echo "rustc 1.95.0"');
}

function request(extra: Partial<PreflightRequest> = {}): PreflightRequest {
  return {
    workspaceRoot: folder.path,
    options: {
      stateDirectory: '.rust-platform',
      composeFile: 'docker-compose.yml',
      postgresPort: 1,
      redisPort: 1,
    },
    env: { RUST_PLATFORM_PROVIDERS: 'given' },
    allowRemote: false,
    cargoRoots: [],
    tools: { clippy: false, rustfmt: false, nextest: false, audit: false },
    servers: [],
    ports: [],
    ...extra,
  };
}

const ROOT = () => [{ folder: join(folder.path, 'services'), lockFile: 'services/Cargo.lock' }];
const ALL_TOOLS = { clippy: true, rustfmt: true, nextest: true, audit: true };

async function examine(extra: Partial<PreflightRequest>) {
  const report = await runPreflight(request(extra));
  return { exitCode: preflightExitCode(report), ...summarize(report.checks) };
}

function summarize(checks: CheckResult[]) {
  const problems = checks.flatMap((check) => (check.state === 'problem' ? [check.error.code] : []));
  const notes = checks.flatMap((check) => (check.state === 'note' ? [check.detail] : []));
  return { problems, notes };
}

test('what the plan does not need is not looked at', async () => {
  const report = await runPreflight(request());
  expect(report.checks).toEqual([{ name: 'node', state: 'ok', detail: process.versions.node }]);
});

test.each([
  ['18.20.4', 'problem'],
  ['20.18.9', 'problem'],
  ['20.19.0', 'ok'],
  ['24.0.0', 'ok'],
])('Node %s: %s', async (version, state) => {
  expect(await checkNode(request(), version)).toMatchObject([{ name: 'node', state }]);
});

describe('cargo', () => {
  test('missing, it is one problem with its fix, however many tools are wanted', async () => {
    const report = await runPreflight(request({ cargoRoots: ROOT(), tools: ALL_TOOLS }));
    expect(summarize(report.checks).problems).toEqual(['cargo-missing']);
    expect(preflightExitCode(report)).toBe(4);
  });

  test('broken, its own words are the reason', async () => {
    await stubCargo();
    await stub('rustc', 'echo "cannot find libLLVM" >&2; exit 127');
    const report = await runPreflight(request({ cargoRoots: ROOT() }));
    const [found] = report.checks.filter(({ state }) => state === 'problem');
    expect(found).toMatchObject({ error: { code: 'rustc-broken', why: 'cannot find libLLVM', exitCode: 4 } });
  });

  test('a pinned toolchain that is not installed is one problem, and nothing is downloaded', async () => {
    const refusal = `echo "error: toolchain '1.80.0-x86_64-unknown-linux-gnu' is not installed" >&2; exit 1`;
    await stub('cargo', `[ "$RUSTUP_AUTO_INSTALL" = 0 ] || exit 0\n${refusal}`);
    await stub('rustc', refusal);
    const report = await runPreflight(request({ cargoRoots: ROOT(), tools: ALL_TOOLS }));
    expect(summarize(report.checks)).toEqual({ problems: ['toolchain-missing'], notes: [] });
    const [found] = report.checks.filter(({ state }) => state === 'problem');
    expect(found).toMatchObject({
      error: {
        exitCode: 4,
        fix: ['rustup toolchain install 1.80.0-x86_64-unknown-linux-gnu --component clippy,rustfmt'],
      },
    });
  });
});

describe('cargo tools', () => {
  test('all there: nothing to say', async () => {
    await stubCargo(['clippy', 'fmt', 'nextest', 'audit']);
    expect(await examine({ cargoRoots: ROOT(), tools: ALL_TOOLS })).toEqual({
      exitCode: 0,
      problems: [],
      notes: [],
    });
  });

  test('clippy and rustfmt are needed; without nextest and audit the run says what it does instead', async () => {
    await stubCargo();
    const report = await runPreflight(request({ cargoRoots: ROOT(), tools: ALL_TOOLS }));
    expect(summarize(report.checks)).toEqual({
      problems: ['clippy-missing', 'rustfmt-missing'],
      notes: [
        'cargo-nextest is not installed, so tests run with cargo test: no retries, no time limit for each test (cargo install --locked cargo-nextest)',
        'cargo-audit is not installed, so advisories are not checked (cargo install --locked cargo-audit)',
      ],
    });
    const clippy = report.checks.find(({ name }) => name === 'clippy');
    expect(clippy).toMatchObject({
      error: { fix: [`cd '${folder.path}/services' && rustup component add clippy`] },
    });
  });
});

test('without a lock nothing is cached, which is a note', async () => {
  await stubCargo();
  const { exitCode, notes } = await examine({ cargoRoots: [{ ...ROOT()[0]!, lockFile: undefined }] });
  expect(exitCode).toBe(0);
  expect(notes).toEqual([
    `no Cargo.lock in ${folder.path}/services, so nothing is cached (cd '${folder.path}/services' && cargo generate-lockfile)`,
  ]);
});

describe('servers', () => {
  const postgres = (required: boolean) => [{ kind: 'postgres' as const, required }];

  test('none to be had is a problem only for a plan that surely needs one', async () => {
    expect(await examine({ servers: postgres(true) })).toMatchObject({
      exitCode: 4,
      problems: ['no-provider'],
    });
    const cached = await examine({ servers: postgres(false) });
    expect(cached).toMatchObject({ exitCode: 0, problems: [] });
    expect(cached.notes).toEqual([expect.stringContaining('; results from the cache need none')]);
  });

  test.each([true, false])(
    'an address on another machine is refused, needed for sure or not (%s)',
    async (required) => {
      const env = { DATABASE_URL: 'postgres://app:secret@db.example.com:5432/app' };
      const report = await runPreflight(request({ servers: postgres(required), env }));
      expect(preflightExitCode(report)).toBe(2);
      expect(summarize(report.checks).problems).toEqual(['remote-refused']);
      expect(JSON.stringify(report.checks)).toContain('db.example.com');
      expect(JSON.stringify(report)).not.toContain('secret');
    },
  );

  test('nothing for both is one error that lists every way', async () => {
    const servers = [...postgres(true), { kind: 'redis' as const, required: true }];
    const report = await runPreflight(request({ servers }));
    const [found, ...others] = report.checks.filter(({ state }) => state === 'problem');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ name: 'postgres, redis', error: { code: 'no-provider', exitCode: 4 } });
    expect(JSON.stringify(found)).toMatch(/DATABASE_URL.*REDIS_URL/s);
  });

  test('with --allow-remote it is taken', async () => {
    const env = { DATABASE_URL: 'postgres://app:secret@db.example.com:5432/app' };
    const { exitCode } = await examine({ servers: postgres(true), env, allowRemote: true });
    expect(exitCode).toBe(0);
  });
});

describe('ports of services', () => {
  let server: Server;
  let port: number;
  beforeEach(async () => {
    process.env['PATH'] = `${join(folder.path, 'bin')}${delimiter}${path}`;
    server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    port = (server.address() as { port: number }).port;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test('a stranger is named with pid and command', async () => {
    const report = await runPreflight(request({ ports: [{ port, service: 'links' }] }));
    const [found] = report.checks.filter(({ state }) => state === 'problem');
    expect(found).toMatchObject({ error: { code: 'port-taken', exitCode: 4 } });
    expect(found?.detail).toContain(`Port ${port} of links is taken by pid ${process.pid}`);
  });

  test('a free port is fine', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await examine({ ports: [{ port, service: 'links' }] })).toMatchObject({
      exitCode: 0,
      problems: [],
    });
    server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
});

test('every problem is in the one report', async () => {
  const env = { DATABASE_URL: 'postgres://db.example.com/app', RUST_PLATFORM_PROVIDERS: 'given' };
  const servers = [
    { kind: 'postgres' as const, required: true },
    { kind: 'redis' as const, required: true },
  ];
  const { exitCode, problems } = await examine({ cargoRoots: ROOT(), tools: ALL_TOOLS, servers, env });
  expect(problems).toEqual(['cargo-missing', 'remote-refused']);
  expect(exitCode).toBe(4);
});

test('a check that hangs is given up and said so', async () => {
  await stubCargo();
  await stub('rustc', 'exec sleep 30');
  const started = Date.now();
  process.env['PATH'] = `${join(folder.path, 'bin')}${delimiter}${path}`;
  const { exitCode, notes, problems } = await examine({ cargoRoots: ROOT() });
  expect(Date.now() - started).toBeLessThan(20_000);
  expect({ exitCode, problems }).toEqual({ exitCode: 0, problems: [] });
  expect(notes).toEqual(['not checked: no answer within 3 s']);
});
