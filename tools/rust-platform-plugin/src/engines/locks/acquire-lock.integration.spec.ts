import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { runTypeScript, type TypeScriptProcess } from '../../testing/run-typescript';
import { eventually } from '../../testing/eventually';
import { acquireLock, type LockHolder, type LockMode } from './acquire-lock';
import { checkoutLock, machineLock, targetDirectoryLock } from './named-locks';

jest.setTimeout(120_000);

let check: LeakCheck;
let log: string;
beforeEach(async () => {
  check = await startLeakCheck();
  log = join(check.folder, 'log');
});
afterEach(async () => {
  await rm(log, { force: true });
  await expectNothingLeft(check);
  await check.end();
});

const here = (mode: LockMode, more: object = {}) =>
  acquireLock({ name: 'contended', mode, purpose: 'test', folder: check.folder, ...more });

function contender(
  mode: LockMode | 'mixed',
  id: string,
  holdMs: number,
  rounds = 1,
): Promise<TypeScriptProcess> {
  const file = join(__dirname, '..', '..', 'testing', 'lock-contender.ts');
  return runTypeScript(file, [check.folder, mode, log, id, String(holdMs), String(rounds)]);
}
const events = async () => (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').filter(Boolean);

describe('acquireLock', () => {
  it('lets eight exclusive processes in one after the other', async () => {
    const lock = await here('exclusive');
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const processes = await Promise.all(ids.map((id) => contender('exclusive', id, 30)));
    await Promise.all(processes.map((process) => process.line(/waits for/)));
    expect(await events()).toEqual([]);
    await lock.release();
    await Promise.all(processes.map((process) => process.exited));
    const seen = await events();
    expect(seen).toHaveLength(16);
    for (let index = 0; index < 16; index += 2) {
      expect(seen[index + 1]).toBe(seen[index]?.replace('enter', 'leave'));
    }
  });

  it('never lets an exclusive holder in beside another one, in a crowd that comes and goes', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const processes = await Promise.all(ids.map((id) => contender('mixed', id, 1, 12)));
    await Promise.all(processes.map((process) => process.exited));
    const inside = new Map<string, string>();
    const seen = await events();
    expect(seen).toHaveLength(2 * 12 * ids.length);
    for (const [step, mode, id] of seen.map((line) => line.split(' ') as [string, string, string])) {
      if (step === 'leave') inside.delete(id);
      else inside.set(id, mode);
      expect(inside.size > 1 && [...inside.values()].includes('exclusive')).toBe(false);
    }
  });

  it('works in a folder that every last holder removes', async () => {
    const processes = await Promise.all(['a', 'b', 'c'].map((id) => contender('exclusive', id, 0, 40)));
    const exits = await Promise.all(processes.map((process) => process.exited));
    expect(exits.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const seen = await events();
    expect(seen).toHaveLength(240);
    expect(seen.filter((_, index) => index % 2 === 1)).toEqual(
      seen.filter((_, index) => index % 2 === 0).map((line) => line.replace('enter', 'leave')),
    );
  });

  it('lets shared holders in together, and an exclusive one only when they have left', async () => {
    const [first, second] = await Promise.all([here('shared'), here('shared')]);
    const exclusive = await contender('exclusive', 'x', 0);
    await exclusive.line(/waits for test, test/);
    await first?.release();
    expect(await events()).toEqual([]);
    await second?.release();
    await exclusive.exited;
    expect(await events()).toEqual(['enter x', 'leave x']);
  });

  it('is first come, first served: a reader does not overtake a waiting writer', async () => {
    const lock = await here('shared');
    const writer = await contender('exclusive', 'writer', 0);
    await writer.line(/waits for test/);
    const reader = await contender('shared', 'reader', 0);
    await reader.line(/waits for contender writer/);
    const late = await contender('exclusive', 'late', 0);
    await late.line(/waits for/);
    await lock.release();
    await Promise.all([writer.exited, reader.exited, late.exited]);
    const entered = (await events()).filter((line) => line.startsWith('enter'));
    expect(entered).toEqual(['enter writer', 'enter reader', 'enter late']);
  });

  it('forgets a holder that was killed, and removes its file', async () => {
    const holder = await contender('exclusive', 'killed', 60_000);
    await holder.line(/has it/);
    const waiting = here('exclusive');
    holder.kill('SIGKILL');
    await holder.exited;
    await (await waiting).release();
    expect(existsSync(join(check.folder, 'contended'))).toBe(false);
  });

  it('leaves no file and no folder when the process exits', async () => {
    const holder = await contender('exclusive', 'y', 0);
    await holder.exited;
    expect(existsSync(join(check.folder, 'contended'))).toBe(false);
  });

  it('says who holds it, and gives up after the timeout or when it is aborted', async () => {
    const lock = await here('exclusive', { purpose: 'bench of shortener' });
    const holders: LockHolder[] = [];
    const tell = { onWait: (found: LockHolder[]) => holders.push(...found) };
    await expect(here('shared', { timeoutMs: 100, ...tell })).rejects.toMatchObject({
      code: 'lock-timeout',
      why: expect.stringContaining('bench of shortener (pid '),
    });
    expect(holders).toEqual([
      expect.objectContaining({ pid: process.pid, purpose: 'bench of shortener', cwd: process.cwd() }),
    ]);
    const controller = new AbortController();
    const waiting = here('exclusive', { signal: controller.signal, onWait: () => controller.abort() });
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
    await lock.release();
    await lock.release();
    expect(existsSync(join(check.folder, 'contended'))).toBe(false);
  });

  it('queues again when the temporary folder is cleaned', async () => {
    const lock = await here('exclusive');
    let waits = false;
    const waiting = here('exclusive', { onWait: () => (waits = true) });
    await eventually(() => waits, 'it waits');
    await rm(join(check.folder, 'contended'), { recursive: true });
    await (await waiting).release();
    await lock.release();
  });
});

describe('named locks', () => {
  it('exclude by machine, target directory and checkout, each for itself', async () => {
    const request = { purpose: 'test', timeoutMs: 100 };
    const target = join(check.folder, 'target');
    const locks = [
      await machineLock('shared', request),
      await machineLock('shared', request),
      await targetDirectoryLock(target, request),
      await checkoutLock(check.folder, 'deps', request),
      await checkoutLock(check.folder, 'supervisor', request),
    ];
    const refused = { code: 'lock-timeout' };
    await expect(machineLock('exclusive', request)).rejects.toMatchObject(refused);
    await expect(targetDirectoryLock(join(target, '.'), request)).rejects.toMatchObject(refused);
    await expect(checkoutLock(check.folder, 'deps', request)).rejects.toMatchObject(refused);
    await Promise.all(locks.map((lock) => lock.release()));
  });
});
