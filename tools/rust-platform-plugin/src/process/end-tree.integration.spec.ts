import { spawn } from 'node:child_process';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../testing/leak-check';
import { endTree } from './end-tree';
import { mergeEnvironment } from './environment';
import { descendantsOf, type EnvironmentMarker } from './process-facts';
import { identityOf, isAlive, ownIdentity, type ProcessIdentity } from './process-identity';
import { spawnChild } from './spawn-child';
import { eventually } from '../testing/eventually';

jest.setTimeout(60_000);

let check: LeakCheck;
let marker: EnvironmentMarker;
beforeEach(async () => {
  check = await startLeakCheck();
  marker = { name: 'RP_TREE', value: check.marker.value };
});
afterEach(async () => {
  await expectNothingLeft(check);
  await check.end();
});

/** Starts a shell script and waits until it says `ready`. */
async function script(text: string, env: Record<string, string> = {}): Promise<ProcessIdentity> {
  let ready = false;
  const child = await spawnChild({
    command: 'sh',
    args: ['-c', text],
    env: mergeEnvironment(env),
    onLines: (lines) => (ready ||= lines.includes('ready')),
  });
  await eventually(() => ready, 'ready');
  return child.identity;
}
const marked = () => ({ [marker.name]: marker.value });
const DEAF = 'trap "" TERM; ';

describe('endTree', () => {
  it('ends a leader with its children by SIGTERM alone', async () => {
    const root = await script('sleep 60 & sleep 60 & echo ready; wait');
    expect(await endTree(root, { graceMs: 10_000 })).toEqual({ forced: [] });
    expect(await isAlive(root)).toBe(false);
  });

  it('kills what ignores SIGTERM when the grace is over, and says so', async () => {
    const root = await script(`${DEAF} echo ready; sleep 60; sleep 60`);
    const forced: number[][] = [];
    const started = Date.now();
    const result = await endTree(root, { graceMs: 400, onForce: (pids) => forced.push(pids) });
    expect(Date.now() - started).toBeGreaterThanOrEqual(400);
    expect(result.forced).toContain(root.pid);
    expect(forced).toEqual([result.forced]);
  });

  it('gives a leader that exits late its whole grace', async () => {
    const root = await script('trap "sleep 1; exit 0" TERM; echo ready; sleep 60 & wait; wait');
    expect(await endTree(root, { graceMs: 20_000 })).toEqual({ forced: [] });
  });

  it('kills a child that ignores SIGTERM although the leader exits at once', async () => {
    const root = await script(`sh -c '${DEAF} echo ready; sleep 60; sleep 60' & wait`);
    const { forced } = await endTree(root, { graceMs: 300 });
    expect(forced.length).toBeGreaterThan(0);
    expect(forced).not.toContain(root.pid);
  });

  it('catches a child with another parent by the session of the leader', async () => {
    const root = await script('(sleep 60 &) ; echo ready; sleep 60');
    await eventually(async () => (await descendantsOf(root.pid)).length === 1, 'only one child');
    expect(await endTree(root, { graceMs: 5_000 })).toEqual({ forced: [] });
  });

  it('catches a double-forked child in a session of its own by the marker', async () => {
    const root = await script(
      `(setsid sh -c '${DEAF} echo ready; sleep 60; sleep 60' &) ; sleep 60`,
      marked(),
    );
    const { forced } = await endTree(root, { marker, graceMs: 300 });
    expect(forced.length).toBeGreaterThan(0);
  });

  it('ends what is left of a leader that is gone by the marker, and nothing without it', async () => {
    const root = await script('setsid sleep 60 & sleep 60 & echo ready', marked());
    await eventually(async () => !(await isAlive(root)), 'the end of the leader');
    expect(await endTree(root, { graceMs: 0 })).toEqual({ forced: [] });
    expect(await endTree(undefined, { marker, graceMs: 5_000 })).toEqual({ forced: [] });
  });

  it('ends what is left of a leader that is gone: by its members known before', async () => {
    const root = await script('sleep 60 & echo ready; sleep 1');
    const known = await Promise.all((await descendantsOf(root.pid)).map((pid) => identityOf(pid)));
    expect(known.length).toBeGreaterThan(0);
    await eventually(async () => !(await isAlive(root)), 'the end of the leader');
    await endTree(root, { known: known.flatMap((one) => one ?? []), graceMs: 5_000 });
  });

  it('signals nobody for a number that belongs to somebody else now', async () => {
    const stranger = await script('echo ready; sleep 60');
    const stale = { pid: stranger.pid, startTime: ownIdentity().startTime };
    expect(await endTree(stale, { graceMs: 300 })).toEqual({ forced: [] });
    expect(await isAlive(stranger)).toBe(true);
    await endTree(stranger, { graceMs: 5_000 });
  });

  it('spares itself and its ancestors when they carry the marker', async () => {
    const own = { name: check.marker.name, value: check.marker.value };
    const child = spawn('sleep', ['60'], { stdio: 'ignore', env: mergeEnvironment() });
    await endTree(undefined, { marker: own, graceMs: 5_000 });
    await eventually(() => child.signalCode === 'SIGTERM', 'the end of the child');
  });
});
