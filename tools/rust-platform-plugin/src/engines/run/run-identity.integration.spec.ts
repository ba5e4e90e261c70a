import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeEnvironment } from '../../process/environment';
import { spawnChild } from '../../process/spawn-child';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { typeScriptArguments } from '../../testing/run-typescript';
import type { RunIdentity } from './run-identity';

jest.setTimeout(60_000);

let check: LeakCheck;
beforeEach(async () => (check = await startLeakCheck()));
afterEach(async () => {
  await rm(join(check.folder, 'inner'), { recursive: true, force: true });
  await rm(join(check.folder, 'nx.js'), { force: true });
  await expectNothingLeft(check);
  await check.end();
});

/** A stand-in for Nx: runs the rest of its arguments, through a shell, in the folder given first. */
const NX = `const [cwd, ...command] = process.argv.slice(2);
require('child_process').spawnSync('sh', ['-c', '"$@"; true', 'sh', ...command], { cwd, stdio: 'inherit' });
`;
const nx = () => join(check.folder, 'nx.js');
const task = (workspace: string) => [
  process.execPath,
  ...typeScriptArguments(join(__dirname, '..', '..', 'testing', 'print-run.ts')),
  workspace,
];

async function run(command: string[], cwd: string, env = {}): Promise<{ pid: number; run: RunIdentity }> {
  let output = '';
  const [program = '', ...args] = command;
  const child = await spawnChild({
    command: program,
    args,
    cwd,
    env: mergeEnvironment({ RUST_PLATFORM_RUN_ID: undefined, ...env }),
    onLines: (lines) => (output += lines.join('\n')),
  });
  await child.exited;
  return { pid: child.identity.pid, run: JSON.parse(output) as RunIdentity };
}

it('is held by the outermost Nx that works in this workspace', async () => {
  await writeFile(nx(), NX);
  const inner = join(check.folder, 'inner', 'workspace');
  await mkdir(join(inner, 'services'), { recursive: true });
  const nested = [
    process.execPath,
    nx(),
    inner,
    process.execPath,
    nx(),
    join(inner, 'services'),
    ...task(inner),
  ];
  const { pid, run: found } = await run(nested, inner);
  expect(found.holder.pid).toBe(pid);
  expect(found.runId).toMatch(/^[0-9a-f]{12}$/);

  const fromOutside = await run(nested, check.folder);
  expect(fromOutside.run.holder.pid).not.toBe(fromOutside.pid);
});

it('takes its id from the launcher when that gives one', async () => {
  const { run: found } = await run(task(check.folder), check.folder, { RUST_PLATFORM_RUN_ID: 'run-7' });
  expect(found.runId).toBe('run-7');
  expect(found.holder.pid).toBe(process.pid);
});
