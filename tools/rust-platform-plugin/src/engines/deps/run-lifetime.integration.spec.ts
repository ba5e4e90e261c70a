import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPortFree } from '../../process/ports';
import { createDepsWorkspace, processesIn, type DepsWorkspace } from '../../testing/deps-workspace';
import { eventually } from '../../testing/eventually';
import { runTypeScript, type TypeScriptProcess } from '../../testing/run-typescript';
import { depsStatus } from './deps-status';
import { stopUnpinnedDeps } from './stop-deps';

jest.setTimeout(180_000);

let workspace: DepsWorkspace;
const runs: TypeScriptProcess[] = [];

beforeEach(async () => {
  workspace = await createDepsWorkspace();
});

afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.kill('SIGKILL');
    await run.exited;
  }
  await workspace.remove();
});

/** A process that needs both servers for as long as it lives. */
async function startRun(env: NodeJS.ProcessEnv = {}): Promise<TypeScriptProcess> {
  const run = await beginRun(env);
  expect(await run.line(/^(ports|failed)/)).toBe(
    `ports ${workspace.options.postgresPort} ${workspace.options.redisPort}`,
  );
  return run;
}

async function beginRun(env: NodeJS.ProcessEnv = {}): Promise<TypeScriptProcess> {
  const request = {
    workspaceRoot: workspace.root,
    options: workspace.options,
    needs: ['postgres', 'redis'],
    env: { ...workspace.env, ...env },
    allowRemote: false,
  };
  const script = join(__dirname, '../../testing/deps-run-process.ts');
  const run = await runTypeScript(script, [JSON.stringify(request)]);
  runs.push(run);
  return run;
}

async function end(run: TypeScriptProcess): Promise<void> {
  runs.splice(runs.indexOf(run), 1);
  run.kill('SIGKILL');
  await run.exited;
}

async function portsFree(): Promise<boolean> {
  const { postgresPort, redisPort } = workspace.options;
  return (await isPortFree(postgresPort)) && (await isPortFree(redisPort));
}

async function states(): Promise<string[]> {
  const { servers } = await depsStatus(workspace.root, workspace.options, workspace.env);
  return servers.map(({ state }) => state);
}

it('stops the servers with the last living run, however it ended', async () => {
  const first = await startRun();
  const second = await startRun();
  await end(first);
  expect(await stopUnpinnedDeps(workspace.root)).toEqual({ stopped: [] });
  expect(await states()).toEqual(['running', 'running']);
  await end(second);
  await eventually(portsFree, 'the servers are stopped', 30_000);
  expect(await states()).toEqual(['stopped', 'stopped']);
});

it('leaves servers alone that were asked for by name, before or during the run', async () => {
  await workspace.ensure({ needs: ['postgres'] });
  const run = await startRun();
  await end(run);
  await eventually(() => isPortFree(workspace.options.redisPort), 'redis is stopped', 30_000);
  expect(await states()).toEqual(['running', 'stopped']);
});

it('keeps them with RUST_PLATFORM_KEEP_DEPS=1', async () => {
  await end(await startRun({ RUST_PLATFORM_KEEP_DEPS: '1' }));
  expect(await stopUnpinnedDeps(workspace.root)).toEqual({ stopped: [] });
  expect(await states()).toEqual(['running', 'running']);
});

it('stops what a run had just started when it was killed', async () => {
  const run = await beginRun();
  const state = join(workspace.root, '.rust-platform/deps/state.json');
  await eventually(
    async () => (await readFile(state, 'utf8').catch(() => '')).includes('"identity"'),
    'a server',
  );
  await end(run);
  await eventually(async () => (await processesIn(workspace.root)).length === 0, 'nothing is left', 60_000);
  expect(await portsFree()).toBe(true);
  expect(await states()).toEqual(['stopped', 'stopped']);
});
