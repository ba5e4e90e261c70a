import { join } from 'node:path';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../testing/leak-check';
import { runTypeScript } from '../testing/run-typescript';
import { startForeground } from './foreground';

jest.setTimeout(60_000);

let check: LeakCheck;
beforeEach(async () => (check = await startLeakCheck()));
afterEach(async () => {
  await expectNothingLeft(check);
  await check.end();
});
const PARENT = join(__dirname, '..', 'testing', 'foreground-parent.ts');

it('gives our output to the child and reports its end', async () => {
  const parent = await runTypeScript(PARENT, ['echo ready; exit 7']);
  await parent.exited;
  expect(parent.lines).toEqual(['ready', 'exited {"exitCode":7}']);
});

it('ends the whole tree when we are killed', async () => {
  const parent = await runTypeScript(PARENT);
  await parent.line(/^ready/);
  parent.kill('SIGKILL');
  await parent.exited;
});

it('reports an exit code that only looks like a missing command', async () => {
  const parent = await runTypeScript(PARENT, ['exit 127']);
  await parent.exited;
  expect(parent.lines).toEqual(['exited {"exitCode":127}']);
});

it('closes file descriptor 3 of the child when we are killed', async () => {
  const parent = await runTypeScript(PARENT, ['echo ready; cat <&3; exec >/dev/null']);
  await parent.line(/^ready/);
  parent.kill('SIGKILL');
  await parent.exited;
});

it('reports a command that does not exist', async () => {
  const child = startForeground({ command: 'rp-no-such', args: [], cwd: '/', env: process.env });
  await expect(child.exited).rejects.toMatchObject({ code: 'command-not-found' });
});
