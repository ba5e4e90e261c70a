import { CRATES_IO, lockText, type PackageText } from '../../testing/lock-text';
import { lockClosure } from './lock-closure';
import { lockGraph } from './lock-graph';
import { parseLock } from './parse-lock';

const OTHER = 'registry+https://example.org/index';
const GIT = 'git+https://example.org/kit?branch=main';

function targetsOf(dependency: string, others: PackageText[]): string[] {
  const packages = parseLock(lockText([{ name: 'app', dependencies: [dependency] }, ...others]));
  const { edges } = lockGraph(packages);
  return (edges[0] ?? []).map((index) => `${packages[index]?.version} ${packages[index]?.source ?? 'path'}`);
}

const kit = (version: string, source?: string): PackageText => ({
  name: 'kit',
  version,
  ...(source ? { source } : {}),
});

describe('lockGraph', () => {
  it.each<[string, string, PackageText[], string]>([
    ['the only one of a name', 'kit', [kit('1.0.0', CRATES_IO)], `1.0.0 ${CRATES_IO}`],
    ['a version', 'kit 2.0.0', [kit('1.0.0', CRATES_IO), kit('2.0.0', CRATES_IO)], `2.0.0 ${CRATES_IO}`],
    ['a source', `kit 1.0.0 (${OTHER})`, [kit('1.0.0', CRATES_IO), kit('1.0.0', OTHER)], `1.0.0 ${OTHER}`],
    [
      'git, whose commit is left out',
      `kit 1.0.0 (${GIT})`,
      [kit('1.0.0', CRATES_IO), kit('1.0.0', `${GIT}#aa`)],
      `1.0.0 ${GIT}#aa`,
    ],
    [
      'the path package before one of a registry',
      'kit 1.0.0',
      [kit('1.0.0'), kit('1.0.0', CRATES_IO)],
      '1.0.0 path',
    ],
  ])('resolves %s', (_what, dependency, others, expected) => {
    expect(targetsOf(dependency, others)).toEqual([expected]);
  });

  it.each<[string, string, PackageText[]]>([
    ['unknown name', 'kat', [kit('1.0.0')]],
    ['unknown version', 'kit 3.0.0', [kit('1.0.0', CRATES_IO)]],
    ['two versions', 'kit', [kit('1.0.0'), kit('2.0.0', CRATES_IO)]],
    ['two sources', 'kit 1.0.0', [kit('1.0.0', CRATES_IO), kit('1.0.0', OTHER)]],
    ['another source', `kit 1.0.0 (${OTHER})`, [kit('1.0.0', CRATES_IO)]],
  ])('refuses what it cannot resolve: %s', (_what, dependency, others) => {
    expect(() => targetsOf(dependency, others)).toThrow(expect.objectContaining({ code: 'lock-unreadable' }));
  });

  it('follows a replacement', () => {
    const text = lockText([{ name: 'app', dependencies: ['kit 1.0.0'] }, kit('1.0.0')]).replace(
      '"0.1.0"',
      '"0.1.0"\nreplace = "kit 1.0.0"',
    );
    expect(lockGraph(parseLock(text)).edges[0]).toEqual([1, 1]);
  });
});

describe('lockClosure', () => {
  const packages = parseLock(
    lockText([
      { name: 'links', dependencies: ['chrono', 'kit', 'rand 0.8.5'] },
      { name: 'kit', dependencies: ['rand 0.9.0', 'mock'] },
      { name: 'chrono', version: '0.4.0', source: CRATES_IO, dependencies: ['time'] },
      { name: 'time', version: '0.1.43', source: CRATES_IO },
      { name: 'rand', version: '0.8.5', source: CRATES_IO },
      { name: 'rand', version: '0.9.0', source: CRATES_IO },
      { name: 'mock', version: '1.0.0', source: CRATES_IO, dependencies: ['time'] },
      { name: 'unrelated', dependencies: ['links'] },
    ]),
  );
  const members = [
    { name: 'links', devOnly: new Set<string>() },
    { name: 'kit', devOnly: new Set(['mock']) },
  ];
  const ways = (request: Partial<Parameters<typeof lockClosure>[0]>) =>
    [...(lockClosure({ packages, crate: 'links', ...request }) ?? [])]
      .map(([{ name, version }, way]) => `${name} ${version}: ${way.join(' > ')}`)
      .sort();

  it('keeps the shortest way, tells versions apart and leaves the dev-dependencies of others out', () => {
    expect(ways({ members })).toEqual([
      'chrono 0.4.0: links > chrono',
      'kit 0.1.0: links > kit',
      'links 0.1.0: links',
      'rand 0.8.5: links > rand',
      'rand 0.9.0: links > kit > rand',
      'time 0.1.43: links > chrono > time',
    ]);
    expect(ways({ crate: 'kit', members })).toContain('mock 1.0.0: kit > mock');
    expect(ways({ crate: 'kit', members, cut: 'build' })).not.toContain('mock 1.0.0: kit > mock');
  });

  it('does not take a package of the registry for the crate, and ends in a circle', () => {
    expect(lockClosure({ packages, crate: 'chrono' })).toBeUndefined();
    const circle = packages.map((one) => (one.name === 'time' ? { ...one, dependencies: ['links'] } : one));
    expect(lockClosure({ packages: circle, crate: 'kit' })?.size).toBe(7);
  });
});
