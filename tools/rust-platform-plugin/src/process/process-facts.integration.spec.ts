import { createServer, type Server } from 'node:net';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../testing/leak-check';
import { eventually } from '../testing/eventually';
import { endTree } from './end-tree';
import { mergeEnvironment } from './environment';
import { findFreePort, isPortFree } from './ports';
import { ancestorsOf, describeProcess, descendantsOf, factsOf } from './process-facts';
import { formatHolder, listeningPortsOf, whoListens } from './process-facts';
import { identityOf, isAlive, ownIdentity } from './process-identity';
import { spawnChild } from './spawn-child';

jest.setTimeout(60_000);

let check: LeakCheck;
beforeEach(async () => (check = await startLeakCheck()));
afterEach(async () => {
  await expectNothingLeft(check);
  await check.end();
});

function listen(port: number, host?: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
const close = (server: Server) => new Promise((resolve) => server.close(resolve));

describe('processes', () => {
  it('describes us and our parents', async () => {
    const own = await describeProcess(process.pid);
    expect(own).toMatchObject({ pid: process.pid, ppid: process.ppid, cwd: process.cwd() });
    expect(own?.command).toContain('jest');
    const ancestors = await ancestorsOf(process.pid);
    expect(ancestors[0]).toBe(process.ppid);
    expect(ancestors.at(-1)).toBe(1);
    expect(await describeProcess(2 ** 22 + 1)).toBeUndefined();
  });

  it('proves a process by its start time; a dead one is not alive, also unreaped', async () => {
    expect(await identityOf(process.pid)).toEqual(ownIdentity());
    expect(await isAlive({ pid: process.pid, startTime: 'boot.1.2' })).toBe(false);
    // The shell becomes a sleep that never reaps its child.
    const child = await spawnChild({
      command: 'sh',
      args: ['-c', 'true & exec sleep 60'],
      env: mergeEnvironment(),
    });
    const dead = await eventually(
      async () => (await descendantsOf(child.identity.pid)).length === 0,
      'a zombie',
    );
    expect(dead).toBe(true);
    await endTree(child.identity, { graceMs: 5_000 });
    expect(await isAlive(child.identity)).toBe(false);
  });

  it('finds descendants by parent and, in any session, by marker', async () => {
    const marker = { name: 'RP_TREE', value: check.marker.value };
    const child = await spawnChild({
      command: 'sh',
      args: ['-c', 'sleep 60 & (setsid sleep 60 &) ; wait'],
      env: mergeEnvironment({ [marker.name]: marker.value }),
    });
    const { pid } = child.identity;
    await eventually(async () => (await descendantsOf(pid, marker)).length === 2, 'two descendants');
    expect(await descendantsOf(pid)).toHaveLength(1);
    await endTree(child.identity, { marker, graceMs: 5_000 });
  });

  it('refuses other platforms with a sentence', () => {
    expect(() => factsOf('win32')).toThrow(expect.objectContaining({ code: 'unsupported-platform' }));
  });
});

describe('ports', () => {
  it('tells who listens, on which address, and for which host it matters', async () => {
    const port = await findFreePort();
    expect(await whoListens(port)).toEqual([]);
    expect(await formatHolder(port)).toBe('nobody');
    const server = await listen(port, '127.0.0.1');
    expect(await whoListens(port)).toMatchObject([{ port, address: '127.0.0.1', pid: process.pid }]);
    expect(await whoListens(port, 'localhost')).toHaveLength(1);
    expect(await whoListens(port, '10.0.0.1')).toHaveLength(0);
    expect(await listeningPortsOf([process.pid])).toContainEqual(
      expect.objectContaining({ port, pid: process.pid }),
    );
    expect(await listeningPortsOf([process.ppid])).not.toContainEqual(expect.objectContaining({ port }));
    expect(await formatHolder(port)).toMatch(new RegExp(`^pid ${process.pid} \\(.*, user .+\\)$`));
    expect(await isPortFree(port)).toBe(false);
    await close(server);
    expect(await isPortFree(port)).toBe(true);
  });

  it('sees a wildcard listener as taken for 127.0.0.1', async () => {
    const server = await listen(0);
    const { port } = server.address() as { port: number };
    expect(await isPortFree(port)).toBe(false);
    expect(await whoListens(port, '127.0.0.1')).toHaveLength(1);
    await close(server);
  });

  it('never gives out a port twice', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => findFreePort()));
    expect(new Set(ports).size).toBe(20);
  });
});
