import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endTree } from '../../process/end-tree';
import { mergeEnvironment } from '../../process/environment';
import { isAlive, ownIdentity, type ProcessIdentity } from '../../process/process-identity';
import { spawnChild } from '../../process/spawn-child';
import { eventually } from '../../testing/eventually';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { livingRunLeases, registerRunLease } from '.';
import { leaseFileName, LeaseWatch } from './lease-watch';
import { readState } from './state-file';

jest.setTimeout(60_000);

let check: LeakCheck;
let workspace: TemporaryFolder;
beforeEach(async () => {
  check = await startLeakCheck();
  workspace = await temporaryFolder('workspace');
});
afterEach(async () => {
  await expectNothingLeft(check);
  await workspace.remove();
  await check.end();
});

async function holder(): Promise<ProcessIdentity> {
  const child = await spawnChild({ command: 'sleep', args: ['60'], env: mergeEnvironment() });
  return child.identity;
}
const end = (identity: ProcessIdentity) => endTree(identity, { graceMs: 5_000 });
const leases = () => join(workspace.path, '.rust-platform', 'leases');

describe('registerRunLease', () => {
  it('keeps a supervisor until the last holder is gone', async () => {
    const [first, second] = [await holder(), await holder()];
    await registerRunLease(workspace.path, first, 'stop-deps');
    await registerRunLease(workspace.path, second, 'stop-deps');
    await registerRunLease(workspace.path, second, 'stop-deps');
    const byPid = (left: ProcessIdentity, right: ProcessIdentity) => left.pid - right.pid;
    expect((await livingRunLeases(workspace.path)).sort(byPid)).toEqual([first, second].sort(byPid));
    const supervisor = readState(join(workspace.path, '.rust-platform', 'supervisor.json'))?.identity;
    if (!supervisor) throw new Error('no supervisor');
    await end(first);
    await eventually(async () => (await readdir(leases())).length === 1, 'one lease');
    expect(await livingRunLeases(workspace.path)).toEqual([second]);
    expect(await isAlive(supervisor)).toBe(true);
    await end(second);
    await eventually(async () => !(await isAlive(supervisor)), 'the end of the supervisor');
    expect(await readdir(leases())).toEqual([]);
  });

  it('can be given back', async () => {
    const lease = await registerRunLease(workspace.path, ownIdentity(), 'stop-deps');
    await lease.release();
    expect(await livingRunLeases(workspace.path)).toEqual([]);
    await eventually(
      () => !existsSync(join(workspace.path, '.rust-platform', 'supervisor.json')),
      'the end of the supervisor',
    );
  });
});

describe('LeaseWatch', () => {
  let calls = 0;
  let watch: LeaseWatch;
  beforeEach(async () => {
    calls = 0;
    watch = new LeaseWatch(
      leases(),
      async () => void (calls += 1),
      () => undefined,
    );
    await mkdir(leases(), { recursive: true });
  });
  afterEach(() => watch.stop());
  const write = (identity: ProcessIdentity) => writeFile(join(leases(), leaseFileName(identity)), '{}');

  it('does nothing without leases', async () => {
    await watch.start();
    expect(watch.isIdle).toBe(true);
    expect(calls).toBe(0);
  });

  it('stops once for leases that a killed supervisor has left', async () => {
    await write({ pid: process.pid, startTime: 'boot.1.2' });
    await watch.start();
    expect(calls).toBe(1);
    expect(await readdir(leases())).toEqual([]);
    await watch.stop();
  });

  it('waits for the last of several holders', async () => {
    const other = await holder();
    await write(other);
    await write({ pid: process.pid, startTime: 'boot.1.2' });
    await watch.start();
    expect([calls, watch.isIdle]).toEqual([0, false]);
    await end(other);
    await eventually(() => calls === 1, 'the call');
    await eventually(() => watch.isIdle, 'idle');
  });

  it('counts a lease that came and went between two looks', async () => {
    await watch.start();
    await watch.note();
    expect(calls).toBe(1);
  });

  it('goes on after a failure, and says so', async () => {
    const said: string[] = [];
    const failing = new LeaseWatch(
      leases(),
      () => Promise.reject(new Error('no')),
      (line) => said.push(line),
    );
    await failing.start();
    await failing.note();
    expect(said).toEqual(['run leases: Error: no']);
    expect(failing.isIdle).toBe(true);
    await failing.stop();
  });
});
