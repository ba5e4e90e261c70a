import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../process/ports';
import type { DepsState, ServerState } from './deps-state';
import { depsStatus } from './deps-status';
import { reuseServer } from './reuse-server';
import { stopDeps, stopUnpinnedDeps } from './stop-deps';
import { readJson } from './write-json';

jest.setTimeout(60_000);

const CHECKOUT = 'ab12';
const OPTIONS = { stateDirectory: '.rust-platform', composeFile: 'x.yml', postgresPort: 0, redisPort: 0 };
let root: string;
let temporary: string | undefined;
let silent: string;
let state: ServerState;
const engines: Server[] = [];

beforeEach(async () => {
  temporary = process.env['TMPDIR'];
  root = await realpath(await mkdtemp(join(tmpdir(), 'rp-unreachable-')));
  process.env['TMPDIR'] = root;
  silent = `tcp://127.0.0.1:${await findFreePort()}`;
  state = {
    ...{ kind: 'redis', provider: 'compose', phase: 'running', port: await findFreePort() },
    ...{ user: undefined, password: 's3cret', version: '7.2.0', pinned: false },
    startedAt: '2026-01-01T00:00:00.000Z',
    container: { id: 'c0ffee', name: 'rp-x-redis-1', project: 'rp-x', dockerHost: silent },
  };
  const folder = join(root, '.rust-platform/deps');
  await mkdir(folder, { recursive: true });
  await writeFile(join(root, '.rust-platform/checkout.json'), JSON.stringify({ id: CHECKOUT, root }));
  const notes: DepsState = { schemaVersion: 1, checkout: CHECKOUT, servers: { redis: state }, last: {} };
  await writeFile(join(folder, 'state.json'), JSON.stringify(notes));
});

afterEach(async () => {
  for (const engine of engines.splice(0)) {
    engine.closeAllConnections();
    await new Promise((closed) => engine.close(closed));
  }
  if (temporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = temporary;
  await rm(root, { recursive: true, force: true });
});

/** Answers as a Docker engine does; it knows the container, or none. Resolves with its DOCKER_HOST. */
async function startEngine(container?: { stopped: boolean; broken?: boolean }): Promise<string> {
  const engine = createServer(({ url = '', method }, response) => {
    if (url.endsWith('/_ping')) return response.end('OK');
    if (!container || !url.includes('/containers/c0ffee')) return response.writeHead(404).end('{}');
    if (container.broken) return response.destroy();
    if (method === 'POST') {
      container.stopped = true;
      return response.writeHead(204).end();
    }
    const inspected = {
      ...{ Id: 'c0ffee', Name: '/rp-x-redis-1', State: { Running: !container.stopped } },
      Config: { Labels: { 'rust-platform.checkout': CHECKOUT }, Env: [], Image: 'redis' },
      NetworkSettings: { Ports: {} },
    };
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(inspected));
  });
  engines.push(engine);
  await new Promise<void>((listening) => engine.listen(0, '127.0.0.1', listening));
  return `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;
}

async function noted(): Promise<unknown> {
  return ((await readJson(join(root, '.rust-platform/deps/state.json'))) as DepsState).servers.redis;
}

const stop = (env: NodeJS.ProcessEnv = {}) => stopDeps(root, OPTIONS, { report: () => undefined, env });

describe('a container whose engine does not answer', () => {
  it('is not forgotten by a stop, which names container, engine and what to do', async () => {
    const error = await stop().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'docker-unreachable', exitCode: 4 });
    const { message } = error as Error;
    expect(message).toContain('rp-x-redis-1');
    expect(message).toContain(`DOCKER_HOST=${silent}`);
    expect(message).toContain('rust-platform deps stop');
    expect(message).not.toContain('s3cret');
    expect(await noted()).toEqual(state);
  });

  it('is reported by the automatic stop, which goes on', async () => {
    const lines: string[] = [];
    expect(await stopUnpinnedDeps(root, undefined, (line) => lines.push(line))).toEqual({ stopped: [] });
    expect(lines.join('\n')).toContain('error[docker-unreachable]');
    expect(await noted()).toEqual(state);
  });

  it('is unknown to the status', async () => {
    const { servers } = await depsStatus(root, OPTIONS, {});
    expect(servers[1]).toMatchObject({
      ...{ kind: 'redis', state: 'unknown', container: 'rp-x-redis-1', port: state.port },
      problem: expect.stringContaining(`it may run: no Docker engine answers at ${silent}`),
    });
    expect(JSON.stringify(servers)).not.toContain('s3cret');
  });

  it('gets no second server beside it', async () => {
    const context = { root, options: OPTIONS, env: {} };
    const reused = reuseServer('redis', state, { id: CHECKOUT, root }, context);
    await expect(reused).rejects.toMatchObject({ code: 'docker-unreachable' });
  });

  it('is stopped where DOCKER_HOST finds it now', async () => {
    const container = { stopped: false };
    const env = { DOCKER_HOST: await startEngine(container) };
    expect(await stop(env)).toEqual({ stopped: ['redis'] });
    expect(container.stopped).toBe(true);
    expect(await noted()).toBeUndefined();
  });

  it('is not forgotten because another engine does not know it', async () => {
    await expect(stop({ DOCKER_HOST: await startEngine() })).rejects.toMatchObject({
      code: 'docker-unreachable',
    });
    expect(await noted()).toEqual(state);
  });
});

describe('a container whose engine answers', () => {
  async function noteEngine(host: string): Promise<void> {
    const file = join(root, '.rust-platform/deps/state.json');
    const notes = (await readJson(file)) as DepsState;
    await writeFile(file, JSON.stringify(notes).replace(silent, host));
  }

  it('is forgotten when its own engine does not know it any more', async () => {
    await noteEngine(await startEngine());
    expect(await stop()).toEqual({ stopped: [] });
    expect(await noted()).toBeUndefined();
  });

  it('is not forgotten when the engine breaks off', async () => {
    await noteEngine(await startEngine({ stopped: false, broken: true }));
    await expect(stop()).rejects.toMatchObject({ code: 'docker-unreachable' });
    expect(await noted()).toBeDefined();
  });
});
