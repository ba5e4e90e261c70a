import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../testing/leak-check';
import { eventually } from '../testing/eventually';
import { runTypeScript } from '../testing/run-typescript';
import { identityOf, isAlive } from './process-identity';
import { findExecutable, run, spawnDetached } from './run';
import { endTree } from './end-tree';
import { describeProcess } from './process-facts';

jest.setTimeout(60_000);

let check: LeakCheck;
beforeEach(async () => (check = await startLeakCheck()));
afterEach(async () => {
  await expectNothingLeft(check);
  await check.end();
});

const sh = (script: string, options: Parameters<typeof run>[2] = {}) => run('sh', ['-c', script], options);

describe('run', () => {
  it('returns output, exit code and lines of both streams', async () => {
    const lines: string[] = [];
    const result = await sh('echo one; echo two >&2; printf three; exit 3', {
      onLine: (line, stream) => lines.push(`${stream}: ${line}`),
    });
    expect(result).toMatchObject({ exitCode: 3, signal: undefined, stdout: 'one\nthree', stderr: 'two\n' });
    expect(result).toMatchObject({ timedOut: false, aborted: false, truncated: false });
    expect(lines.sort()).toEqual(['stderr: two', 'stdout: one', 'stdout: three']);
  });

  it('gives input, and an empty stdin without it', async () => {
    expect((await run('cat', [], { input: 'hello' })).stdout).toBe('hello');
    expect((await run('cat', [])).stdout).toBe('');
  });

  it('adds and removes variables', async () => {
    process.env['RP_REMOVED'] = 'x';
    const { stdout } = await sh('echo "$RP_ADDED-$RP_REMOVED-"', {
      env: { RP_ADDED: 'yes', RP_REMOVED: undefined },
    });
    delete process.env['RP_REMOVED'];
    expect(stdout).toBe('yes--\n');
  });

  it('reads more output than it keeps', async () => {
    const { stdout, truncated } = await sh('yes 0123456789 | head -c 3000000; echo end', { maxOutput: 100 });
    expect(stdout).toHaveLength(100);
    expect(stdout.endsWith('end\n')).toBe(true);
    expect(truncated).toBe(true);
  });

  const itAsRoot = process.getuid?.() === 0 ? it : it.skip;
  itAsRoot('runs as another user (only root can)', async () => {
    const { stdout } = await sh('id -u; id -g', { uid: 65_534, gid: 65_534 });
    expect(stdout).toBe('65534\n65534\n');
  });

  it('tells a missing command from a missing folder', async () => {
    await expect(run('rp-no-such-command', [])).rejects.toMatchObject({ code: 'command-not-found' });
    await expect(run('ls', [], { cwd: '/rp/none' })).rejects.toMatchObject({ code: 'folder-not-found' });
    const file = join(check.folder, 'not-executable');
    await writeFile(file, '');
    await expect(run(file, [])).rejects.toMatchObject({ code: 'command-not-started' });
    await rm(file);
  });

  it('does not wait for a grandchild that keeps the pipes open', async () => {
    const { stdout, durationMs } = await sh('sleep 31 & echo $!');
    expect(durationMs).toBeLessThan(15_000);
    process.kill(Number(stdout), 'SIGKILL');
  });

  it('ends the whole tree after the timeout, with SIGKILL what ignores SIGTERM', async () => {
    const result = await sh(
      'trap "" TERM; sh -c "trap \\"\\" TERM; sleep 60; sleep 60" & sleep 60; sleep 60',
      {
        timeoutMs: 500,
        killGraceMs: 300,
      },
    );
    expect(result).toMatchObject({ timedOut: true, aborted: false, exitCode: undefined, signal: 'SIGKILL' });
  });

  it('ends the whole tree when it is aborted', async () => {
    const controller = new AbortController();
    const result = await sh('echo ready; sleep 60', {
      signal: controller.signal,
      onLine: () => controller.abort(),
    });
    expect(result).toMatchObject({ aborted: true, timedOut: false, signal: 'SIGTERM' });
    const never = await sh('echo started', { signal: controller.signal });
    expect(never).toMatchObject({ aborted: true, stdout: '', exitCode: undefined });
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('lets nothing survive when we get %s', async (signal) => {
    const parent = await runTypeScript(join(__dirname, '..', 'testing', 'run-and-wait.ts'), ['0']);
    await parent.line(/^child says ready/);
    parent.kill(signal);
    await parent.exited;
  });

  it('lets nothing survive when we exit before a guardian was started', async () => {
    const parent = await runTypeScript(join(__dirname, '..', 'testing', 'run-and-wait.ts'), [
      '60000',
      'exit',
    ]);
    await parent.exited;
    expect(parent.lines).toContain('child says ready');
  });
});

describe('findExecutable', () => {
  it('looks at PATH, then at the extra folders', async () => {
    const tool = join(check.folder, 'rp-tool');
    await writeFile(tool, '#!/bin/sh\n');
    expect(await findExecutable('rp-tool', [check.folder])).toBeUndefined();
    await chmod(tool, 0o755);
    expect(await findExecutable('rp-tool', [check.folder])).toBe(tool);
    expect(await findExecutable(tool)).toBe(tool);
    expect(await findExecutable('sh')).toMatch(/\/sh$/);
    await rm(tool);
  });
});

describe('spawnDetached', () => {
  it('starts a process that is not below us, in a session of its own, with its output in files', async () => {
    const file = join(check.folder, 'out');
    const identity = await spawnDetached({
      command: 'sh',
      args: ['-c', 'echo "$GREETING"; pwd; echo bad >&2; sleep 60'],
      cwd: '/',
      env: { ...process.env, GREETING: 'hello' },
      stdoutFile: file,
      stderrFile: file,
    });
    await eventually(async () => (await readFile(file, 'utf8')) === 'hello\n/\nbad\n', 'the output');
    expect((await describeProcess(identity.pid))?.ppid).not.toBe(process.pid);
    expect(await identityOf(identity.pid)).toEqual(identity);
    await endTree(identity, { graceMs: 5_000 });
    expect(await isAlive(identity)).toBe(false);
    await rm(file);
  });

  it('reports a command that does not exist', async () => {
    const started = spawnDetached({ command: 'rp-no-such', args: [], cwd: '/', env: process.env });
    await expect(started).rejects.toMatchObject({ code: 'command-not-found' });
  });
});
