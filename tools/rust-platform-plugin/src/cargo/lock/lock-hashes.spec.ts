import { CRATES_IO, lockText, type PackageText } from '../../testing/lock-text';
import { lockHashes, type LockMember } from './lock-hashes';
import { lockReach } from './lock-reach';
import { parseLock } from './parse-lock';

/** Always the same numbers. */
function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Case {
  packages: PackageText[];
  members: LockMember[];
}

/** Five members, some of them in a circle by dev-dependencies, over twenty packages in up to two versions each. */
function randomCase(next: (below: number) => number): Case {
  const externals = Array.from({ length: 20 }, (_, index): PackageText => {
    const dependencies = Array.from({ length: next(4) }, () => external(next(index + 1), next(2)));
    return {
      name: `e${index}`,
      version: '1.0.0',
      source: CRATES_IO,
      dependencies: index === 0 ? [] : unique(dependencies),
    };
  });
  const second = externals.map((one) => ({ ...one, version: '2.0.0', checksum: 'c' }));
  const members = Array.from({ length: 5 }, (_, index) => {
    const dev = [`m${next(5)}`, external(next(20), next(2))];
    const normal = [...(index > 0 ? [`m${next(index)}`] : []), external(next(20), 0), external(next(20), 1)];
    const names = new Set(normal.map((text) => text.split(' ')[0] ?? ''));
    return {
      text: { name: `m${index}`, dependencies: unique([...dev, ...normal]) },
      member: {
        name: `m${index}`,
        devOnly: new Set(dev.map((text) => text.split(' ')[0] ?? '').filter((name) => !names.has(name))),
      },
    };
  });
  return {
    packages: [...members.map(({ text }) => text), ...externals, ...second],
    members: members.map(({ member }) => member),
  };
}

const external = (index: number, version: number): string => `e${index} ${version + 1}.0.0`;
const unique = (texts: string[]): string[] => [...new Set(texts)];

/** Changes one package or one edge of a lock. */
function mutate({ packages, members }: Case, next: (below: number) => number): Case {
  const index = 5 + next(40);
  const changed = packages.map((one, place): PackageText => {
    if (place !== index) return one;
    const edges = [...(one.dependencies ?? [])];
    const kind = next(4);
    if (kind === 0) return { ...one, checksum: `other${next(9)}` };
    if (kind === 1) return { ...one, dependencies: edges.slice(1) };
    if (kind === 2 && edges[0])
      return {
        ...one,
        dependencies: unique([
          ...edges.slice(1),
          edges[0].replace(/[12](?=\.0\.0)/, (digit) => (digit === '1' ? '2' : '1')),
        ]),
      };
    return one;
  });
  return { packages: changed, members };
}

/** What a member reaches, written out: packages with their edges. */
function subLock({ packages, members }: Case, member: string, cut: 'build' | 'test'): string {
  const parsed = parseLock(lockText(packages));
  const byId = new Map(
    parsed.flatMap((one) => [
      [`${one.name} ${one.version}`, one] as const,
      ...(one.source ? [] : [[one.name, one] as const]),
    ]),
  );
  const edgesOf = (name: string, isRoot: boolean): string[] => {
    const devOnly = members.find((one) => one.name === name)?.devOnly;
    const all = byId.get(name)?.dependencies ?? [];
    return isRoot ? all : all.filter((text) => !devOnly?.has(text.split(' ')[0] ?? ''));
  };
  const lines = new Set<string>();
  const visit = (id: string, isRoot: boolean): void => {
    const one = byId.get(id);
    const edges = edgesOf(id, isRoot).sort();
    const line = JSON.stringify([
      one?.source ? [one.name, one.version, one.checksum] : one?.name,
      edges,
      isRoot,
    ]);
    if (lines.has(line)) return;
    lines.add(line);
    for (const edge of edges) visit(edge, false);
  };
  visit(member, cut === 'test');
  return [...lines].sort().join('\n');
}

describe('lockHashes', () => {
  const hashesOf = ({ packages, members }: Case) => lockHashes(parseLock(lockText(packages)), members);

  it('change exactly when what a member reaches has changed: packages or edges, over random locks', () => {
    const next = randomly(20_261_124);
    let compared = { same: 0, different: 0 };
    for (let round = 0; round < 150; round += 1) {
      const before = randomCase(next);
      const after = mutate(before, next);
      const [old, now] = [hashesOf(before), hashesOf(after)];
      for (const { name } of before.members) {
        for (const cut of ['build', 'test'] as const) {
          const isSame = subLock(before, name, cut) === subLock(after, name, cut);
          expect([round, name, cut, old.get(name)?.[cut] === now.get(name)?.[cut]]).toEqual([
            round,
            name,
            cut,
            isSame,
          ]);
          compared = {
            ...compared,
            [isSame ? 'same' : 'different']: compared[isSame ? 'same' : 'different'] + 1,
          };
        }
      }
    }
    expect(Math.min(compared.same, compared.different)).toBeGreaterThan(100);
  });

  it('do not change with the order of packages, the version of the format or that of a path package', () => {
    const found = randomCase(randomly(7));
    const reordered = { ...found, packages: [...found.packages].reverse() };
    expect(new Map([...hashesOf(reordered)].sort())).toEqual(new Map([...hashesOf(found)].sort()));
    const bumped = found.packages.map((one) => (one.name === 'm0' ? { ...one, version: '0.2.0' } : one));
    expect(hashesOf({ ...found, packages: bumped })).toEqual(hashesOf(found));
    expect(lockHashes(parseLock(lockText(found.packages, 3)), found.members)).toEqual(hashesOf(found));
  });

  it('leave a member out that the lock does not have', () => {
    const members = [{ name: 'gone', devOnly: new Set<string>() }];
    expect(lockHashes(parseLock(lockText([{ name: 'app' }])), members).size).toBe(0);
  });

  it('are quick, and end, on a chain that is longer than the stack', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => ({
      name: `p${index}`,
      dependencies: index < 19_999 ? [`p${index + 1}`] : [],
    }));
    const started = performance.now();
    expect(lockHashes(parseLock(lockText(chain)), [{ name: 'p0', devOnly: new Set() }]).size).toBe(1);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

it('lockReach tells who reaches a package, by build and by tests', () => {
  const packages = parseLock(
    lockText([
      { name: 'app', dependencies: ['lib', 'cc'] },
      { name: 'lib', dependencies: ['sys'] },
      { name: 'sys', source: CRATES_IO, dependencies: ['cc'] },
      { name: 'cc', source: CRATES_IO },
      { name: 'tool', dependencies: ['cc'] },
      { name: 'free' },
    ]),
  );
  const member = (name: string, ...devOnly: string[]) => ({ name, devOnly: new Set(devOnly) });
  const members = [member('app'), member('lib'), member('tool', 'cc'), member('free')];
  expect(Object.fromEntries(lockReach(packages, members, (name) => name === 'cc'))).toEqual({
    app: { build: true, test: true },
    lib: { build: true, test: true },
    tool: { build: false, test: true },
    free: { build: false, test: false },
  });
});
