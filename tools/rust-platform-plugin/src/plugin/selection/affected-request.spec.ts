import { affectedRequest } from './affected-request';

const request = (line: string, env: NodeJS.ProcessEnv = {}, nxJson = {}) =>
  affectedRequest({ words: line.split(' ') }, { env, nxJson });
const since = {
  kind: 'since',
  base: 'main',
  head: undefined,
  uncommitted: false,
  excludesDependencies: false,
  byProject: false,
};

describe('what a command compares', () => {
  test.each([
    'run-many -t build',
    'run a:build',
    'show projects',
    'graph --file=x.json',
    'build a',
    'show projects --affected=false',
  ])('%s: nothing', (line) => expect(request(line)).toEqual({ kind: 'none' }));

  test.each([
    ['affected -t build', {}],
    ['affected:test', {}],
    ['show projects --affected -t lint-rust', {}],
    ['graph --affected', { byProject: true }],
    ['show projects --affected', { byProject: true }],
    ['show projects --affected --withTarget=build', {}],
    ['affected -t build --base=main~1', { base: 'main~1' }],
    ['affected --base origin/main --head HEAD -t build', { base: 'origin/main', head: 'HEAD' }],
    ['--verbose affected -t build --base=a --base=b', { base: 'b' }],
    ['affected -t build --uncommitted', { uncommitted: true }],
    ['affected -t build --untracked=true', { uncommitted: true }],
    ['affected -t build --exclude-task-dependencies', { excludesDependencies: true }],
    ['affected -t build --excludeTaskDependencies', { excludesDependencies: true }],
  ])('%s: %j', (line, expected) => expect(request(line)).toEqual({ ...since, ...expected }));

  test('environment and nx.json count where the command line says nothing', () => {
    const nxJson = { defaultBase: 'trunk', affected: { defaultBase: 'old' } };
    expect(request('affected -t x', {}, { affected: { defaultBase: 'old' } })).toMatchObject({ base: 'old' });
    expect(request('affected -t x', {}, nxJson)).toMatchObject({ base: 'trunk' });
    const env = { NX_BASE: 'from-env', NX_HEAD: 'head-env' };
    expect(request('affected -t x', env, nxJson)).toMatchObject({ base: 'from-env', head: 'head-env' });
    expect(request('affected -t x --base=typed', env, nxJson)).toMatchObject({
      base: 'typed',
      head: 'head-env',
    });
  });

  test('the old setting of Nx makes it select projects, and the environment wins over it', () => {
    const nxJson = { affected: { legacy: true } };
    expect(request('affected -t x', {}, nxJson)).toMatchObject({ byProject: true });
    expect(request('affected -t x', { NX_LEGACY_AFFECTED: 'false' }, nxJson)).toMatchObject({
      byProject: false,
    });
    expect(request('affected -t x', { NX_LEGACY_AFFECTED: 'true' })).toMatchObject({ byProject: true });
    expect(request('affected -t x --stdin', {}, nxJson)).toMatchObject({ kind: 'unknown', byProject: true });
  });

  test.each(['affected -t x --files=a/b.rs', 'affected -t x --files a/b.rs', 'affected -t x --stdin'])(
    '%s: unknown, since no revision is given',
    (line) =>
      expect(request(line)).toMatchObject({ kind: 'unknown', why: expect.stringMatching(/not a revision/) }),
  );

  test('the daemon and strange programs: unknown', () => {
    const defaults = { env: {}, nxJson: {} };
    expect(affectedRequest({ daemon: true }, defaults)).toMatchObject({
      kind: 'unknown',
      why: expect.stringMatching(/daemon/),
    });
    expect(affectedRequest(undefined, defaults)).toMatchObject({ kind: 'unknown' });
  });
});
