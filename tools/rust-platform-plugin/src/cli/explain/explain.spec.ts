import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ingredient } from '../../results/key-record';
import { keysDirectory } from '../../results/key-record-folder';
import { runRecordFile } from '../../results/run-folder';
import { CRATES_IO, lockText } from '../../testing/lock-text';
import { RunRecorder } from '../../testing/recorded-runs';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { answerOf, type Answer } from './answer';
import type { Explanation } from './explanation';
import { formatAnswer } from './format-answer';
import { readProjectTargets } from './project-targets';
import { RunArchive } from './run-archive';

let folder: TemporaryFolder;
let recorder: RunRecorder;
beforeEach(async () => {
  folder = await temporaryFolder('explain');
  recorder = new RunRecorder(folder.path);
});
afterEach(() => folder.remove());

const now = new Date('2026-01-01T18:00:00.000Z');
const place = () => ({
  workspaceRoot: folder.path,
  stateDirectory: '.rust-platform',
  reportsDirectory: 'reports',
});

async function explain(...words: string[]): Promise<Answer> {
  const archive = await RunArchive.open(place());
  const targets = await readProjectTargets(folder.path, {});
  return answerOf(words, { archive, targets, withKey: true, now });
}
async function one(word = 'app:build'): Promise<Explanation> {
  const { tasks } = await explain(word);
  const [task] = tasks;
  if (!task) throw new Error('nothing was explained');
  return task;
}
const text = async (...words: string[]) =>
  formatAnswer(await explain(...words), { width: undefined, colour: false, key: false, now });

const item = (group: Ingredient['group'], name: string, value: string): Ingredient => ({
  group,
  name,
  value,
});
const source = (value: string) => item('source', 'app/src/main.rs', value);
const build = (hash: string, more: object = {}) => ({ id: 'app:build', hash, ...more });
const keys = (...ingredients: Ingredient[]) => ({ 'app:build': ingredients });
const NODES = { 'env:RUST_PLATFORM_KEY_BUILD_APP': '1' };
const time = (minute: number) => {
  const date = new Date(Date.UTC(2026, 0, 1, 12, minute));
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => `${part}`.padStart(2, '0'))
    .join(':');
};

describe('no run', () => {
  it('none here', async () => {
    expect(await one()).toMatchObject({
      outcome: 'no-record',
      answer: 'app:build has no run to explain: no run is recorded here',
    });
    expect(await text()).toContain('no run is recorded here yet');
  });

  it('none that it took part in, and records of another version', async () => {
    await recorder.add({ tasks: [{ id: 'app:test' }, { id: 'lib:build' }] });
    await writeFile(runRecordFile(folder.path, 'later'), '{"schemaVersion": 9}');
    await graph({ app: { build: { cache: true }, bench: { executor: 'rust-platform-plugin:bench' } } });
    const { why, notes } = await one();
    expect(why).toBe('it is in none of the 1 runs that are recorded here');
    expect(notes).toEqual(['1 record of another version of the plugin was not read']);
    expect((await one('app:bench')).why).toContain('it is never cached: it measures this machine');
  });

  it('names that nobody knows', async () => {
    await recorder.add({ tasks: [{ id: 'app:build' }] });
    await expect(explain('ap:build')).rejects.toMatchObject({
      code: 'unknown-project',
      exitCode: 2,
      fix: ['did you mean app?'],
    });
    await expect(explain('app:biuld')).rejects.toMatchObject({
      code: 'unknown-target',
      exitCode: 2,
      fix: ['did you mean build?'],
    });
  });
});

describe('a hit', () => {
  beforeEach(() => recorder.add({ tasks: [build('1')], keys: keys(source('a')), nodes: NODES }));

  it('of a run that is recorded', async () => {
    await recorder.add({
      tasks: [build('1', { cache: 'local', nxStatus: 'local-cache' })],
      keys: keys(source('a')),
    });
    const hit = await one();
    expect(hit.answer).toBe(
      `app:build was a hit (local cache): nothing in its key changed since the run of ${time(1)}, which made it`,
    );
    expect(hit).toMatchObject({ outcome: 'hit', madeBy: { runId: 'run-1' }, changes: [] });
  });

  it('whose outputs were still in place', async () => {
    await recorder.add({ tasks: [build('1', { cache: 'local', nxStatus: 'local-cache-kept-existing' })] });
    expect((await one()).answer).toContain('was a hit (local cache, its outputs were still in place)');
  });

  it('after a change that was undone', async () => {
    await recorder.add({ tasks: [build('2')], keys: keys(source('b')), nodes: NODES });
    await recorder.add({ tasks: [build('1', { cache: 'local' })], keys: keys(source('a')), nodes: NODES });
    expect((await one()).answer).toBe(
      `app:build was a hit (local cache): its key is again that of the run of ${time(1)}`,
    );
  });

  it('that another machine has made', async () => {
    await recorder.add({
      tasks: [build('9', { cache: 'remote', nxStatus: 'remote-cache' })],
      keys: keys(source('c')),
    });
    expect((await one()).answer).toBe(
      'app:build was a hit (remote cache): nothing in its key changed since the result was made, elsewhere',
    );
    await recorder.report('on-the-other', 'app', 'build');
    const hit = await one();
    expect(hit.madeBy).toEqual({ runId: 'on-the-other', startedAt: '2025-12-24T10:00:00.000Z' });
    expect(hit.why).toContain('which is not recorded here');
  });
});

describe('a miss, since something changed', () => {
  const pair = async (before: Ingredient[], after: Ingredient[]) => {
    await recorder.add({ tasks: [build('1')], keys: keys(...before), nodes: NODES });
    await recorder.add({ tasks: [{ id: 'lib:build' }] });
    await recorder.add({ tasks: [build('2')], keys: keys(...after), nodes: NODES });
    return one();
  };

  it.each<[string, Ingredient | undefined, Ingredient | undefined]>([
    ['app/src/main.rs changed', source('a'), source('b')],
    ['app/src/main.rs was added', undefined, source('b')],
    ['app/src/main.rs was removed', source('a'), undefined],
    ['app/src/main.rs was added', source('missing'), source('b')],
    ['CC was set (value hidden)', item('environment', 'CC', 'not set'), item('environment', 'CC', 'clang')],
    ['CC changed (value hidden)', item('environment', 'CC', 'gcc'), item('environment', 'CC', 'clang')],
    ['CC is no longer set', item('environment', 'CC', 'gcc'), item('environment', 'CC', 'not set')],
    ['CC is no longer set', item('environment', 'CC', 'gcc'), undefined],
    [
      'app/Cargo.toml [dependencies] serde: "1" -> { features = ["derive"], version = "1" }',
      item('manifest', 'app/Cargo.toml [dependencies] serde', '{"version":"1"}'),
      item('manifest', 'app/Cargo.toml [dependencies] serde', '{"features":["derive"],"version":"1"}'),
    ],
    [
      'rustc in services: rustc 1.95.0 -> rustc 1.96.0',
      item('tool', 'rustc in services', 'rustc 1.95.0; host: x; release: 1.95.0'),
      item('tool', 'rustc in services', 'rustc 1.96.0; host: x; release: 1.96.0'),
    ],
    [
      'workspace folder: /a -> /b',
      item('place', 'workspace folder', '/a'),
      item('place', 'workspace folder', '/b'),
    ],
    [
      'rust-platform-plugin: 0.1.0 -> 0.2.0',
      item('plugin', 'rust-platform-plugin', '0.1.0'),
      item('plugin', 'rust-platform-plugin', '0.2.0'),
    ],
  ])('%s', async (expected, before, after) => {
    const constant = item('tool', 'cargo', '1');
    const only = (ingredient?: Ingredient) => (ingredient ? [constant, ingredient] : [constant]);
    const miss = await pair(only(before), only(after));
    expect(miss.answer).toBe(`app:build was a miss: ${expected}`);
    expect(miss).toMatchObject({
      reason: 'changed',
      comparedWith: { runId: 'run-1' },
      run: { runId: 'run-3' },
    });
    expect(JSON.stringify(miss)).not.toContain('clang');
  });

  it('several, the most specific first', async () => {
    const before = [item('plugin', 'rust-platform-plugin', '1'), item('environment', 'CC', 'a'), source('a')];
    const after = [item('plugin', 'rust-platform-plugin', '2'), item('environment', 'CC', 'b'), source('b')];
    const miss = await pair(before, after);
    expect(miss.answer).toBe('app:build was a miss: app/src/main.rs changed, and 2 more changes');
    expect(miss.changes.map(({ group }) => group)).toEqual(['source', 'environment', 'plugin']);
  });

  it('a locked package, with the way to it', async () => {
    const lock = (version: string) =>
      lockText([
        { name: 'app', dependencies: ['axum'] },
        { name: 'axum', version: '0.8.1', source: CRATES_IO, checksum: 'a', dependencies: ['serde'] },
        { name: 'serde', version, source: CRATES_IO, checksum: version },
      ]);
    const locked = (hash: string) => keys(item('lock', 'app (build)', hash));
    await recorder.add({ tasks: [build('1')], keys: locked('1'), lock: lock('1.0.200') });
    await recorder.add({ tasks: [build('2')], keys: locked('2'), lock: lock('1.0.201') });
    const { answer, changes, key } = await one();
    expect(answer).toBe('app:build was a miss: serde 1.0.200 -> 1.0.201 (app > axum > serde)');
    expect(changes).toEqual([
      {
        group: 'lock',
        kind: 'changed',
        name: 'serde',
        from: '1.0.200',
        to: '1.0.201',
        way: 'app > axum > serde',
      },
    ]);
    expect(key?.groups[0]?.ingredients).toEqual([{ name: 'app (build)', value: '2', packages: 3 }]);
  });

  it('a lock whose texts are gone', async () => {
    const locked = (hash: string) => keys(item('lock', 'app (build)', hash));
    await recorder.add({ tasks: [build('1')], keys: locked('1') });
    await recorder.add({ tasks: [build('2')], keys: locked('2') });
    expect((await one()).why).toBe('Cargo.lock: what app (build) is built from changed');
  });
});

describe('a miss, since Nx itself hashes something else', () => {
  const NX = 'workspace:[{workspaceRoot}/nx.json,{workspaceRoot}/.gitignore,{workspaceRoot}/.nxignore]';
  const equal = keys(source('a'));
  const pair = async (
    [before, filesBefore]: [Record<string, string>, Record<string, string>?],
    [after, filesAfter]: [Record<string, string>, Record<string, string>?],
    [first, second]: [object, object] = [{}, {}],
  ) => {
    await recorder.add({
      tasks: [build('1', first)],
      keys: equal,
      nodes: { ...NODES, ...before },
      files: filesBefore ?? {},
    });
    await recorder.add({
      tasks: [build('2', second)],
      keys: equal,
      nodes: { ...NODES, ...after },
      files: filesAfter ?? {},
    });
    return (await one()).why;
  };

  it('a field of nx.json', async () => {
    const files = (value: string) => ({ 'nx.json': value, 'nx.json: parallel': value, '.gitignore': 'x' });
    expect(await pair([{ [NX]: '1' }, files('1')], [{ [NX]: '2' }, files('2')])).toBe(
      'nx.json: parallel changed',
    );
  });

  it('the layout of nx.json', async () => {
    const files = (value: string) => ({ 'nx.json': value, 'nx.json: parallel': 'x' });
    expect(await pair([{ [NX]: '1' }, files('1')], [{ [NX]: '2' }, files('2')])).toBe('nx.json changed');
  });

  it('.gitignore, and the tsconfig', async () => {
    const files = (value: string) => ({ '.gitignore': value, 'tsconfig.base.json': value });
    const nodes = (value: string) => ({ [NX]: value, 'app:TsConfig': value });
    expect(await pair([nodes('1'), files('1')], [nodes('2'), files('2')])).toBe(
      '.gitignore changed, and 1 more change',
    );
  });

  it('the project.json of the crate', async () => {
    const files = (value: string) => ({ 'app/project.json': value, 'lib/project.json': value });
    const nodes = (value: string) => ({ 'app:ProjectConfiguration': value });
    expect(await pair([nodes('1'), files('1')], [nodes('2'), files('2')])).toBe('app/project.json changed');
  });

  it('the configuration, from nowhere that is known', async () => {
    expect(await pair([{ 'app:ProjectConfiguration': '1' }], [{ 'app:ProjectConfiguration': '2' }])).toMatch(
      /^what Nx knows of the project app .* changed$/,
    );
  });

  it('a variable, and a command, that the inputs of a target name', async () => {
    expect(
      await pair([{ 'env:MINE': '1', 'runtime:date': '1' }], [{ 'env:MINE': '2', 'runtime:date': '2' }]),
    ).toBe('MINE changed (value hidden), and 1 more change');
  });

  it('a file set of the project itself', async () => {
    const selected = { 'env:RUST_PLATFORM_SELECTION:x': '' };
    expect(await pair([{ 'app:docs/**': '1' }], [{ 'app:docs/**': '2', ...selected }])).toBe(
      'a file of the input app:docs/** changed',
    );
  });

  it('options', async () => {
    await recorder.add({ tasks: [build('1')], keys: equal, nodes: NODES });
    const tasks = [build('2', { options: ['--profile=smoke'] })];
    await recorder.add({ tasks, keys: equal, nodes: { ...NODES, command: '2' } });
    expect((await one()).why).toBe('options of the task: none -> --profile=smoke');
  });
});

describe('a miss although nothing changed', () => {
  const first = (more: object = {}, run: object = {}) =>
    recorder.add({ tasks: [build('1', more)], keys: keys(source('a')), nodes: NODES, ...run });

  it('the first run', async () => {
    await first();
    expect(await one()).toMatchObject({ reason: 'first-run', outcome: 'miss' });
  });

  it('the cache was cleared', async () => {
    await first();
    await first();
    expect((await one()).answer).toBe(
      `app:build was a miss: nothing changed since the run of ${time(1)}, but its result is no longer in the cache (cleared by \`nx reset\`, or older or larger than it keeps)`,
    );
  });

  it('the cache is another one', async () => {
    await first({}, { more: { cacheDirectory: '/a' } });
    await first({}, { more: { cacheDirectory: '/b' } });
    expect((await one()).why).toContain('no longer in the cache, which is now /b and was /a');
  });

  it('the cache was not asked', async () => {
    await first();
    await first({}, { more: { skipsCache: true } });
    expect(await one()).toMatchObject({
      reason: 'cache-skipped',
      why: 'that run did not look into the cache (--skip-nx-cache)',
    });
  });

  it('it failed the last time', async () => {
    await first({ status: 'failure' });
    await first();
    expect((await one()).answer).toContain('but that one failed, and failures are not cached');
    await first({ status: 'failure' });
    expect((await one()).answer).toMatch(/^app:build was a miss and failed: /);
  });

  it('the result was not kept', async () => {
    await first(
      {},
      { reportNotes: ['a note', 'not cached: app was compiled from x.txt, which its key does not hold'] },
    );
    await first();
    expect(await one()).toMatchObject({
      reason: 'not-kept',
      why: `nothing changed since the run of ${time(1)}, but its result was not kept: app was compiled from x.txt, which its key does not hold`,
    });
  });

  it('its inputs are not settled', async () => {
    const reason = 'app/build.rs: reads variables whose names cannot be read off';
    const uncached = ['app', 'lib'].map((project) => ({ project, reasons: [reason], families: ['build'] }));
    await recorder.add({
      tasks: [build('1')],
      keys: keys(source('a'), item('unverified', reason, 'x')),
      nodes: NODES,
      more: { uncached },
    });
    expect(await one()).toMatchObject({
      reason: 'unsettled',
      answer: `app:build was a miss: as in every run, since its results cannot be reused: ${reason}`,
      notKept: [reason],
      fix: ['rust-platform learn app'],
    });
    expect(await text()).toMatch(
      /Never reused\n {2}app, lib: app\/build.rs: .* read off\n {2}fix: rust-platform learn app\n/,
    );
  });

  it('no list of inputs would help against a missing lock', async () => {
    const reason = 'Cargo.lock does not exist';
    await recorder.add({ tasks: [build('1')], keys: keys(item('unverified', reason, 'x')), nodes: NODES });
    expect(await one()).toMatchObject({ notKept: [reason], fix: [] });
  });

  it('the runs before were recorded by an older version', async () => {
    await recorder.add({ tasks: [build('1')] });
    await recorder.add({ tasks: [build('2')], keys: keys(source('a')), nodes: NODES });
    const { reason, notes } = await one();
    expect(reason).toBe('untold');
    expect(notes).toEqual(['what its key was made of before is not recorded any more']);
    await recorder.add({ tasks: [{ id: 'app:build' }] });
    expect((await one()).reason).toBe('untold');
  });

  it('damaged files are as good as none', async () => {
    await first();
    await recorder.add({ tasks: [build('2')], keys: keys(source('b')), nodes: NODES });
    await rm(keysDirectory(folder.path), { recursive: true });
    await mkdir(keysDirectory(folder.path));
    expect((await one()).reason).toBe('untold');
  });
});

describe('targets that are never cached', () => {
  it('say why', async () => {
    await recorder.add({
      tasks: [
        { id: 'app:audit', cacheable: false },
        { id: 'app:mine', cacheable: false },
      ],
    });
    expect((await one('app:audit')).answer).toBe(
      'app:audit is never cached: advisories appear without any file changing',
    );
    expect((await one('app:mine')).answer).toBe(
      'app:mine is never cached: its configuration does not say `"cache": true`',
    );
  });

  it('a sum tells of its steps', async () => {
    const steps = ['clippy', 'rustfmt', 'audit'];
    await graph({
      app: {
        'lint-rust': { executor: 'rust-platform-plugin:aggregate', options: { steps } },
        clippy: {},
        rustfmt: {},
        audit: {},
      },
    });
    const run = (clippy: string, cache: 'miss' | 'local') =>
      recorder.add({
        tasks: [
          { id: 'app:clippy', hash: clippy },
          { id: 'app:rustfmt', hash: '1', cache },
          { id: 'app:audit', cacheable: false },
          { id: 'app:lint-rust', cacheable: false },
        ],
        keys: { 'app:clippy': [item('config', 'clippy.toml', clippy)] },
      });
    await run('1', 'miss');
    await run('2', 'local');
    const sum = await one('app:lint-rust');
    expect(sum.answer).toBe(
      'app:lint-rust: clippy was a miss, clippy.toml: 1 -> 2; rustfmt was a hit; audit always runs',
    );
    expect(sum.steps?.map(({ target }) => target)).toEqual(steps);
    expect((await text('app:lint-rust')).split('\n')).toEqual(
      expect.arrayContaining([sum.answer, 'app:clippy was a miss: clippy.toml: 1 -> 2']),
    );
  });
});

describe('several tasks', () => {
  it('of the last run, what ran first', async () => {
    await recorder.add({
      tasks: [build('1'), { id: 'lib:build', hash: '1' }],
      keys: keys(source('a')),
      nodes: NODES,
    });
    const tasks = [
      { id: 'lib:build', hash: '1', cache: 'local' as const },
      build('2'),
      { id: 'app:audit', cacheable: false },
    ];
    await recorder.add({
      tasks,
      keys: keys(source('b')),
      nodes: NODES,
      more: { notes: ['the remote cache was not used'] },
    });
    await recorder.add({
      more: { error: { code: 'x', what: 'no such configuration', fix: [], exitCode: 2 } },
    });
    const lines = (await text()).split('\n');
    expect(lines[0]).toBe(`Last run (${time(2)}, nx run-many -t build): 1 hit, 1 miss, 1 that always run`);
    expect(lines.slice(3, 6).map((line) => line.split(/ {2,}/).slice(1, 3))).toEqual([
      ['app:build', 'miss'],
      ['lib:build', 'hit (local)'],
      ['app:audit', 'always runs'],
    ]);
    expect(lines.slice(-4)).toEqual([
      'Notes',
      '  a later run was refused: no such configuration',
      '  the remote cache was not used',
      '',
    ]);
  });

  it('of a project, each by the last run that had it', async () => {
    await graph({
      app: { build: { cache: true }, test: { cache: true }, bench: {}, idle: { executor: 'nx:noop' } },
    });
    await recorder.add({ tasks: [build('1')] });
    await recorder.add({ tasks: [{ id: 'app:test', hash: '1' }] });
    const { tasks, notes } = await explain('app');
    expect(tasks.map(({ task, run }) => `${task} ${run?.runId}`)).toEqual([
      'app:build run-1',
      'app:test run-2',
    ]);
    expect(notes).toEqual(['no run recorded: app:bench']);
  });

  it('a run that ended before the task did is not its last', async () => {
    await recorder.add({ tasks: [build('1')] });
    await recorder.add({ tasks: [build('2', { status: 'stopped' })] });
    expect(await one()).toMatchObject({
      run: { runId: 'run-1' },
      notes: expect.arrayContaining([expect.stringContaining('ended before it was done (stopped)')]),
    });
  });

  it('a configuration is a task of its own', async () => {
    const dev = (hash: string) => ({ id: 'app:build:dev', project: 'app', target: 'build', hash });
    await recorder.add({ tasks: [build('1'), dev('2')], keys: keys(source('a')) });
    await recorder.add({ tasks: [dev('2'), build('3')], keys: keys(source('b')) });
    expect(await one('app:build:dev')).toMatchObject({ task: 'app:build:dev', reason: 'not-in-cache' });
  });
});

async function graph(projects: Record<string, Record<string, object>>): Promise<void> {
  const data = join(folder.path, '.nx', 'workspace-data');
  await mkdir(data, { recursive: true });
  const nodes = Object.entries(projects).map(([name, targets]) => [
    name,
    { name, data: { root: name, targets } },
  ]);
  await writeFile(join(data, 'project-graph.json'), JSON.stringify({ nodes: Object.fromEntries(nodes) }));
}
