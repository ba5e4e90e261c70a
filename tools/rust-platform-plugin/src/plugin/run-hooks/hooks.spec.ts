import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostTasksExecutionContext } from '@nx/devkit';
import { ScanCache } from '../../cargo/scan/scan-cache';
import { readKeyRecord } from '../../results/key-record-file';
import { markScript } from '../../results/run-marker';
import { readRunInputs } from '../../results/run-record-inputs';
import { pathLock } from '../../testing/lock-text';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { library, writeFiles } from '../../testing/write-files';
import { afterTasks } from './after-tasks';
import { beforeTasks } from './before-tasks';
import { uncachedReasons } from '../../service-model/uncached-reasons';

jest.setTimeout(60_000);

let folder: TemporaryFolder;
let saved: NodeJS.ProcessEnv;
const printed: string[] = [];

beforeEach(async () => {
  folder = await temporaryFolder('hooks');
  saved = { ...process.env };
  for (const name of Object.keys(process.env))
    if (/^(RUST_PLATFORM_|NX_)/.test(name)) delete process.env[name];
  await writeFiles(folder.path, {
    ...library('one', 'one'),
    'one/Cargo.lock': pathLock({ one: [] }),
    ...library('two', 'two'),
  });
  printed.length = 0;
  jest.spyOn(console, 'error').mockImplementation((line: string) => void printed.push(line));
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
  Object.assign(process.env, saved);
  await folder.remove();
});

let runs = 0;
const context = (script = '/x/nx.js', ...args: string[]) => ({
  id: `nx-${++runs}`,
  workspaceRoot: folder.path,
  nxJsonConfiguration: {},
  argv: ['node', script, ...(args.length > 0 ? args : ['run-many', '-t', 'build'])],
});
const finished = (before: ReturnType<typeof context>): PostTasksExecutionContext => ({
  ...before,
  startTime: 1_000,
  endTime: 2_000,
  taskResults: {
    'one:build': {
      status: 'local-cache',
      code: 0,
      terminalOutput: '',
      task: {
        id: 'one:build',
        target: { project: 'one', target: 'build' },
        overrides: {},
        outputs: [],
        hash: '1',
        hashDetails: { command: '2', nodes: {} },
        parallelism: true,
      },
    },
  } as unknown as PostTasksExecutionContext['taskResults'],
});
const records = async () => {
  const names = await readdir(join(folder.path, '.rust-platform/runs')).catch(() => []);
  return Promise.all(
    names
      .sort()
      .map(async (name) =>
        JSON.parse(await readFile(join(folder.path, '.rust-platform/runs', name), 'utf8')),
      ),
  );
};

describe('preTasksExecution', () => {
  it('sets the keys of all crates, and says which run uncached', async () => {
    await beforeTasks(undefined, context());
    expect(process.env['RUST_PLATFORM_KEY_BUILD_ONE']).toMatch(/^[0-9a-f]{32}$/);
    expect(process.env['RUST_PLATFORM_KEY_TEST_TWO']).toMatch(/^[0-9a-f]{32}$/);
    expect(uncachedReasons('one', 'check')).toEqual([]);
    expect(uncachedReasons('two', 'test')).toEqual([expect.stringContaining('two/Cargo.lock')]);
    expect(uncachedReasons('two', 'rustfmt')).toEqual([]);
    await writeFile(join(folder.path, 'two/Cargo.lock'), pathLock({ two: [] }));
    await beforeTasks(undefined, context());
    expect(uncachedReasons('two', 'test')).toEqual([]);
  });

  it('lets tasks run uncached when the keys cannot be computed at all', async () => {
    const open = jest.spyOn(ScanCache, 'open').mockImplementation(() => {
      throw new Error('no room');
    });
    try {
      await beforeTasks(undefined, context());
      const first = process.env['RUST_PLATFORM_KEY_BUILD_ONE'];
      await beforeTasks(undefined, context());
      expect(process.env['RUST_PLATFORM_KEY_BUILD_ONE']).not.toBe(first);
      expect(uncachedReasons('one', 'check')).toEqual(['the cache keys could not be computed: no room']);
    } finally {
      open.mockRestore();
    }
  });

  it('keeps what the keys were made of, and what Nx hashed, for the record of the run', async () => {
    await writeFile(join(folder.path, '.gitignore'), 'target\n');
    const run = context('/x/nx.js', 'run-many', '-t', 'build', '--skip-nx-cache');
    await beforeTasks(undefined, {
      ...run,
      nxJsonConfiguration: { cacheDirectory: 'c', parallel: 2 } as object,
    });
    await afterTasks(undefined, finished(run));
    const [record] = await records();
    expect(record).toMatchObject({ skipsCache: true, cacheDirectory: 'c', uncached: [{ project: 'two' }] });
    const kept = await readKeyRecord(folder.path, record.keys);
    expect(Object.keys(kept?.keys ?? {})).toEqual(expect.arrayContaining(['one:build', 'two:rustfmt']));
    expect(Object.values(kept?.parts ?? {}).flat()).toContainEqual(
      expect.objectContaining({ group: 'source', name: 'one/src/lib.rs' }),
    );
    const { files = {}, tasks = {} } = (await readRunInputs(folder.path, record.inputs)) ?? {};
    expect(Object.keys(files)).toEqual(['.gitignore', 'nx.json: cacheDirectory', 'nx.json: parallel']);
    expect(Object.keys(tasks)).toEqual(['one:build']);
  });

  it('a run in which it could not be kept goes on, and says so', async () => {
    await writeFile(join(folder.path, '.rust-platform'), 'a file where a folder should be');
    const shown: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
    const run = context();
    await beforeTasks(undefined, run);
    expect(process.env['RUST_PLATFORM_KEY_BUILD_ONE']).toMatch(/^[0-9a-f]{32}$/);
    await rm(join(folder.path, '.rust-platform'));
    await afterTasks(undefined, finished(run));
    const [{ notes }] = await records();
    expect(notes).toEqual([expect.stringMatching(/^what the cache keys were made of could not be kept: /)]);
    expect(shown).toEqual([`rust-platform: ${notes[0]}\n`]);
  });

  it('gives every run an id of its own, also in a process that lives on', async () => {
    await beforeTasks(undefined, context());
    const first = process.env['RUST_PLATFORM_RUN_ID'];
    await beforeTasks(undefined, context());
    expect(first).toMatch(/\w/);
    expect(process.env['RUST_PLATFORM_RUN_ID']).not.toBe(first);
  });

  it('keeps the id of the launcher, and that of a run further out', async () => {
    process.env['RUST_PLATFORM_RUN_ID'] = 'outer';
    await beforeTasks(undefined, context());
    expect(process.env['RUST_PLATFORM_RUN_ID']).toBe('outer');
    await beforeTasks(undefined, context(markScript('/x/nx.js', 'launched')));
    expect(process.env['RUST_PLATFORM_RUN_ID']).toBe('launched');
  });

  it('refuses with the message that Nx prints, and leaves a record for the launcher', async () => {
    const targets = { build: { executor: 'rust-platform-plugin:build' } };
    const nodes = { one: { name: 'one', data: { root: 'one', targets } } };
    await writeFiles(folder.path, {
      '.nx/workspace-data/project-graph.json': JSON.stringify({ nodes, dependencies: {} }),
    });
    const run = context(markScript('/x/nx.js', 'refused'), 'run', 'one:build', '-c', 'x');
    await expect(beforeTasks(undefined, run)).rejects.toThrow(
      /error\[unknown-configuration\].*\n.*why: .*\n.*fix: /,
    );
    expect(await records()).toMatchObject([
      { runId: 'refused', tasks: [], error: { code: 'unknown-configuration', exitCode: 2 } },
    ]);
  });

  it('does nothing without crates', async () => {
    const empty = await temporaryFolder('empty');
    await beforeTasks(undefined, { ...context(), workspaceRoot: empty.path });
    expect(
      Object.keys(process.env).filter((name) => name.includes('_KEY_') && name.startsWith('RUST_')),
    ).toEqual([]);
    await empty.remove();
  });
});

describe('postTasksExecution', () => {
  it('records the run that the tasks belonged to, also when another began in between', async () => {
    const [a, b] = [context(), context()];
    await beforeTasks(undefined, a);
    const first = process.env['RUST_PLATFORM_RUN_ID'];
    await beforeTasks(undefined, b);
    await afterTasks(undefined, finished(a));
    expect(await records()).toMatchObject([
      {
        schemaVersion: 1,
        runId: first,
        argv: a.argv,
        startedAt: '1970-01-01T00:00:01.000Z',
        tasks: [
          { id: 'one:build', project: 'one', target: 'build', status: 'success', cache: 'local', code: 0 },
        ],
      },
    ]);
  });

  it('never turns success into failure for a fault of its own', async () => {
    await writeFile(join(folder.path, '.rust-platform'), 'a file where a folder should be');
    await afterTasks(undefined, finished(context()));
    expect(printed).toEqual([expect.stringContaining('the run could not be recorded')]);
  });
});
