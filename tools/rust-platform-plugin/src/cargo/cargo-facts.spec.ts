import { CRATES_IO, lockText, pathLock } from '../testing/lock-text';
import { binary, library } from '../testing/write-files';
import { cargoKeys, readCargoFacts, type CargoFacts } from './cargo-facts';

const FILES: Record<string, string> = {
  'ws/Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["a*"]\n[workspace.package]\nversion = "1.0.0"\n',
  'ws/Cargo.lock': lockText([
    { name: 'app', dependencies: ['lib', 'mock', 'solo'] },
    { name: 'lib' },
    { name: 'solo', dependencies: ['serde'] },
    { name: 'serde', version: '1.0.0', source: CRATES_IO },
    { name: 'mock', version: '1.0.0', source: CRATES_IO },
  ]),
  ...binary(
    'ws/app',
    'app',
    '[dependencies]\nlib = { path = "../lib" }\nsolo = { path = "../../solo" }\n[dev-dependencies]\nmock = "1"\n',
  ),
  ...library('ws/lib', 'lib'),
  ...library('solo', 'solo', '[dependencies]\nserde = "1"\n'),
  'solo/Cargo.lock': lockText([
    { name: 'solo', dependencies: ['serde'] },
    { name: 'serde', version: '1.0.0', source: CRATES_IO },
  ]),
};

function factsOf(files: Record<string, string>): CargoFacts {
  const manifests = Object.keys(files).filter((path) => path.endsWith('Cargo.toml'));
  return readCargoFacts({ read: (path) => files[path] }, manifests);
}

/** `app:build` for every key that differs. */
function changed(changes: Record<string, string>): string[] {
  const [before, after] = [cargoKeys(factsOf(FILES)), cargoKeys(factsOf({ ...FILES, ...changes }))];
  return [...before].flatMap(([path, keys]) =>
    Object.entries(keys)
      .filter(([family, key]) => after.get(path)?.[family as keyof typeof keys] !== key)
      .map(([family]) => `${path.split('/').at(-2)}:${family}`),
  );
}

const COMPILED = ['build', 'clippy', 'test'];
const of = (...names: string[]) => names.flatMap((name) => COMPILED.map((family) => `${name}:${family}`));

describe('readCargoFacts', () => {
  it('finds members by the rules of cargo, path dependencies below the root included', () => {
    const { members, roots, problems } = factsOf(FILES);
    expect([...members].map(([path, { cargoRoot }]) => `${path} in ${cargoRoot}`).sort()).toEqual([
      'solo/Cargo.toml in solo',
      'ws/app/Cargo.toml in ws',
      'ws/lib/Cargo.toml in ws',
    ]);
    expect([...roots.keys()].sort()).toEqual(['solo', 'ws']);
    expect(problems).toEqual([]);
    expect(members.get('ws/app/Cargo.toml')?.pathDependencies).toEqual([
      { folder: 'solo', kinds: ['normal'] },
      { folder: 'ws/lib', kinds: ['normal'] },
    ]);
  });

  it('says whose keys cannot be told, and why, and keeps the others', () => {
    const broken = factsOf({ ...FILES, 'ws/Cargo.lock': '<<<<<<< HEAD\n' });
    expect(broken.problems.map(({ members, error }) => [members, error.code]).sort()).toEqual([
      [['ws/app/Cargo.toml'], 'lock-has-conflicts'],
      [['ws/lib/Cargo.toml'], 'lock-has-conflicts'],
    ]);
    expect([...cargoKeys(broken).keys()]).toEqual(['solo/Cargo.toml']);
    const missing = factsOf({ ...FILES, 'ws/Cargo.lock': pathLock({ lib: [] }) });
    expect(missing.problems.map(({ error }) => error.what)).toEqual(['ws/Cargo.lock does not have app']);
  });
});

describe('cargoKeys', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['an unrelated file', { 'README.md': 'x' }, []],
    ['a comment', { 'ws/Cargo.toml': `# x\n${FILES['ws/Cargo.toml']}` }, []],
    [
      'a value that nobody inherits',
      { 'ws/Cargo.toml': FILES['ws/Cargo.toml']?.replace('1.0.0', '2.0.0') ?? '' },
      [],
    ],
    [
      'a dependency of another workspace',
      { 'solo/Cargo.toml': FILES['solo/Cargo.toml']?.replace('"1"', '"1.0"') ?? '' },
      of('app', 'solo'),
    ],
    [
      'the lock of another workspace',
      { 'solo/Cargo.lock': FILES['solo/Cargo.lock']?.replaceAll('1.0.0', '1.0.1') ?? '' },
      of('solo'),
    ],
    [
      'a package of tests',
      {
        'ws/Cargo.lock':
          FILES['ws/Cargo.lock']?.replace(
            'name = "mock"\nversion = "1.0.0"',
            'name = "mock"\nversion = "1.0.1"',
          ) ?? '',
      },
      ['app:clippy', 'app:test'],
    ],
    [
      'a profile',
      { 'ws/Cargo.toml': `${FILES['ws/Cargo.toml']}[profile.release]\nlto = true\n` },
      ['app:build', 'lib:build'],
    ],
    [
      'an edition',
      { 'ws/lib/Cargo.toml': FILES['ws/lib/Cargo.toml']?.replace('2021', '2018') ?? '' },
      [...of('app', 'lib'), 'lib:rustfmt'],
    ],
  ])('change with %s', (_what, changes, expected) => {
    expect(changed(changes).sort()).toEqual([...expected].sort());
  });
});
