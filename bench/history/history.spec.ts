import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compareStates } from './compare-states';
import { formatFindings, formatSummary, summarize } from './format-replay';
import { replay, type Judgement } from './replay';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rp-history-'));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=spec', '-c', 'user.email=spec@localhost'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function commit(files: Record<string, string | undefined>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (text === undefined) rmSync(join(folder, path));
    else writeFileSync(join(folder, path), text);
  }
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
  return git('rev-parse', 'HEAD');
}

/** `a -> b 1.0.0 c 1.0.0`: a package of the repository without a version, others from a registry. */
function lock(...lines: string[]): string {
  const packages = lines.map((line) => {
    const [head = '', edges = ''] = line.split(' -> ');
    const [name, version] = head.split(' ');
    const source = version ? '\nsource = "registry+https://example.org/index"\nchecksum = "0"' : '';
    const list = edges
      ? `\ndependencies = [\n${edges
          .split(' ')
          .map((one) => ` "${one}",\n`)
          .join('')}]`
      : '';
    return `[[package]]\nname = "${name}"\nversion = "${version ?? '0.1.0'}"${source}${list}\n`;
  });
  return `version = 4\n\n${packages.join('\n')}`;
}

const crate = (name: string, rest = '') => `[package]\nname = "${name}"\nversion = "0.1.0"\n${rest}`;
const ROOT = '[workspace]\nresolver = "3"\nmembers = ["a", "b"]\n';
const A = crate('a', '[dependencies]\nserde = "1"\n[dev-dependencies]\nproptest = "1"\n');
const START = {
  'Cargo.toml': ROOT,
  'a/Cargo.toml': A,
  'b/Cargo.toml': crate('b', '[dependencies]\na = { path = "../a" }\n'),
  'Cargo.lock': lock('a -> serde proptest', 'b -> a', 'serde 1.0.0', 'proptest 1.0.0'),
};

describe('the history of a repository', () => {
  test('each commit that changes a lock is judged, and nothing else is', async () => {
    commit(START);
    commit({ 'README.md': 'no lock' });
    commit({ 'Cargo.lock': lock('a -> serde proptest', 'b -> a', 'serde 1.0.1', 'proptest 1.0.0') });
    commit({ 'Cargo.lock': lock('a -> serde proptest', 'b -> a', 'serde 1.0.1', 'proptest 1.0.1') });
    commit({
      'Cargo.lock': `# the same\n${lock('b -> a', 'a -> proptest serde', 'serde 1.0.1', 'proptest 1.0.1')}`,
    });
    const { commits } = await replay(folder, 10);
    expect(
      commits.map(({ members, cuts }) => [members, cuts.build.invalidated, cuts.test.invalidated]),
    ).toEqual([
      [2, 2, 2],
      [2, 0, 1],
      [2, 0, 0],
    ]);
    expect(commits.flatMap(({ unlike }) => unlike)).toEqual([]);
    const summary = summarize({ repository: folder, commits, seconds: 3, keySeconds: 1, cpuSeconds: 1 });
    expect(summary).toMatchObject({
      commits: 3,
      members: 2,
      build: { stale: 0, needless: 0, meanShare: 33.3 },
      test: { stale: 0, needless: 0, meanShare: 50 },
      secondsPer100: 100,
    });
  });

  test('a bare clone, several workspaces, and crates that come and go', async () => {
    const root = ROOT + 'exclude = ["tool"]\n';
    commit({
      ...START,
      'Cargo.toml': root,
      'tool/Cargo.toml': crate('tool'),
      'tool/Cargo.lock': lock('tool'),
    });
    commit({
      'c/Cargo.toml': crate('c'),
      'Cargo.toml': root.replace('"b"', '"b", "c"'),
      'Cargo.lock': `${START['Cargo.lock']}\n${lock('c').slice(13)}`,
    });
    commit({ 'tool/Cargo.toml': undefined, 'tool/Cargo.lock': undefined });
    const bare = join(folder, 'bare.git');
    git('clone', '-q', '--bare', '.', bare);
    const { commits } = await replay(bare, 10);
    expect(commits.map(({ members, appeared, vanished }) => [members, appeared, vanished])).toEqual([
      [3, 1, 0],
      [3, 0, 1],
    ]);
    expect(commits.flatMap(({ cuts }) => [...cuts.build.needless, ...cuts.build.stale])).toEqual([]);
  });

  test('states that nobody can read are counted by their reason', async () => {
    commit(START);
    commit({ 'Cargo.lock': '<<<<<<< ours\n=======\n>>>>>>> theirs\n' });
    commit({ 'Cargo.lock': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n' });
    commit({ 'Cargo.lock': undefined });
    commit({ 'Cargo.lock': lock('a -> gone', 'b -> a') });
    commit({ 'Cargo.lock': lock('a') });
    commit({ 'a/Cargo.toml': '<<<<<<< ours\n', 'Cargo.lock': START['Cargo.lock'] });
    const { commits } = await replay(folder, 10);
    expect(commits.map(({ untold }) => untold)).toEqual([
      { 'lock-has-conflicts': 2 },
      { 'lock-has-conflicts': 2 },
      { 'lock-unreadable': 2 },
      { 'lock-missing': 2 },
      expect.objectContaining({ 'lock-unreadable': 2 }),
      { 'lock-without-crate': 1 },
    ]);
    expect(commits.flatMap(({ cuts }) => [...cuts.test.needless, ...cuts.test.stale])).toEqual([]);
  });

  test('a repository without such commits gives no figures', async () => {
    commit({ 'README.md': '' });
    expect((await replay(folder, 10)).commits).toEqual([]);
    await expect(replay(join(folder, 'nowhere'), 10)).rejects.toThrow();
  });
});

describe('the comparison', () => {
  const judgement = (key: string, truth: string): Judgement => ({
    keys: new Map([['a/Cargo.toml', { build: key, test: 'same', clippy: 'same' }]]),
    truth: new Map([['a/Cargo.toml', { build: truth, test: 'same', clippy: 'same' }]]),
    problems: new Map(),
  });
  const compare = (before: Judgement, after: Judgement) =>
    compareStates('c0ffee', before, after, () => ['- old', '+ new']);

  test('a truth that changed under the same key is stale', () => {
    const figures = compare(judgement('1', 'x'), judgement('1', 'y'));
    expect(figures.cuts.build).toMatchObject({
      stale: [{ manifest: 'a/Cargo.toml' }],
      needless: [],
      invalidated: 0,
    });
    expect(formatFindings([figures])).toEqual([
      'stale build: a/Cargo.toml at c0ffee',
      '    - old',
      '    + new',
    ]);
  });

  test('a key that changed for nothing is needless', () => {
    expect(compare(judgement('1', 'x'), judgement('2', 'x')).cuts.build).toMatchObject({
      stale: [],
      needless: [{ commit: 'c0ffee' }],
      invalidated: 1,
    });
  });

  test('what only one reading knows is named', () => {
    const other = judgement('1', 'x');
    other.truth.set('b/Cargo.toml', undefined);
    other.keys.set('c/Cargo.toml', { build: '', test: '', clippy: '' });
    other.truth.set('a/Cargo.toml', undefined);
    const figures = compare(judgement('1', 'x'), other);
    expect(figures.unlike).toEqual([
      'b/Cargo.toml: no key',
      'c/Cargo.toml: no member',
      'a/Cargo.toml: the truth cannot read it',
    ]);
    const summary = summarize({
      repository: 'r',
      commits: [figures],
      seconds: 1,
      keySeconds: 1,
      cpuSeconds: 1,
    });
    expect(formatSummary(summary).join('\n')).toMatch(/read differently: a\/Cargo.toml/);
  });
});
