import { join } from 'node:path';
import { run } from '../../../process/run';
import { crateManifest, writeCargoWorkspace, writeFiles } from '../../../testing/cargo-workspace';
import { temporaryFolder, type TemporaryFolder } from '../../../testing/temporary-folder';
import { CertainFeatures } from './certain-features';
import { certainPlan, planOf, readUnitGraph, type FeaturePlan } from './unit-graph';

jest.setTimeout(120_000);

const LIB = { 'src/lib.rs': '' };
const library = (name: string, more = '', files: Record<string, string> = {}): Record<string, string> => ({
  ...LIB,
  'Cargo.toml': crateManifest(name, more),
  ...files,
});
const s = (more = ''): string => `s = { path = "../s"${more} }\n`;
const S = library('s', '[features]\ndefault = ["std"]\nstd = []\nx = ["y"]\ny = []\nz = []\n');
/** An optional dependency with every way to ask for it. */
const MIDDLE = library(
  'middle',
  `[dependencies]
${s(', optional = true, default-features = false')}
[target.'cfg(windows)'.dependencies]
only-windows = { path = "../only-windows", optional = true }
[features]
named = ["dep:s"]
below = ["s/x"]
weak = ["s?/z"]
other-platform = ["only-windows/a"]
`,
);

const IMPLICIT = library(
  'implicit',
  `[dependencies]\n${s(', optional = true, default-features = false')}[features]\nalias = ["s"]\nbelow = ["s/x"]\n`,
);

/** One crate per rule of cargo's resolver: its manifest and other files. */
const CRATES: Record<string, Record<string, string>> = {
  s: S,
  middle: MIDDLE,
  implicit: IMPLICIT,
  'only-windows': library('only-windows', '[features]\na = []\n'),
  macros: library('macros', `[lib]\nproc-macro = true\n[dependencies]\n${s(', features = ["x"]')}`),
  'asks-default': library('asks-default', `[dependencies]\n${s()}`),
  'asks-none': library('asks-none', `[dependencies]\n${s(', default-features = false')}`),
  'own-default': library(
    'own-default',
    `[features]\ndefault = ["s/z"]\n[dependencies]\n${s(', default-features = false')}`,
  ),
  ...Object.fromEntries(
    [
      ...['named', 'below', 'weak', 'other-platform'].map((feature) => ['middle', feature]),
      ...['s', 'alias', 'below'].map((feature) => ['implicit', feature]),
    ].map(([name, feature]) => [
      `uses-${name}-${feature}`,
      library(
        `uses-${name}-${feature}`,
        `[dependencies]\n${name} = { path = "../${name}", features = ["${feature}"] }\n`,
      ),
    ]),
  ),
  'weak-and-named': library(
    'weak-and-named',
    '[dependencies]\nmiddle = { path = "../middle", features = ["weak", "named"] }\n',
  ),
  renamed: library('renamed', '[dependencies]\nother = { package = "s", path = "../s", features = ["x"] }\n'),
  'for-tests': library(
    'for-tests',
    `[dependencies]\n${s(', default-features = false')}[dev-dependencies]\n${s(', features = ["z"]')}`,
    { 'tests/one.rs': '' },
  ),
  'renamed-for-tests': library(
    'renamed-for-tests',
    `[features]\ndefault = ["s/y"]\n[dependencies]\n${s(', default-features = false')}[dev-dependencies]\n` +
      's = { package = "s", path = "../s", features = ["z"] }\n',
  ),
  'build-script': library(
    'build-script',
    `[dependencies]\n${s(', default-features = false')}[build-dependencies]\n${s(', features = ["x"]')}`,
    { 'build.rs': 'fn main() {}' },
  ),
  'uses-macro': library('uses-macro', `[dependencies]\nmacros = { path = "../macros" }\n${s()}`),
  'other-platform': library(
    'other-platform',
    `[dependencies]\n${s(', default-features = false')}[target.'cfg(windows)'.dependencies]\n${s(', features = ["z"]')}`,
  ),
  'this-platform': library('this-platform', `[target.'cfg(unix)'.dependencies]\n${s(', features = ["z"]')}`),
};

describe('CertainFeatures', () => {
  let folder: TemporaryFolder;
  let root: string;

  beforeAll(async () => {
    folder = await temporaryFolder('certain');
    root = join(folder.path, 'services');
    await writeCargoWorkspace(folder.path, { crates: CRATES });
  });
  afterAll(() => folder.remove());

  const env = { RUSTC_BOOTSTRAP: '1' };
  const cargo = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run('cargo', args, { cwd: root, env, maxOutput: 64e6 });
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  };
  const metadata = async (): Promise<CertainFeatures> => {
    const host = /^host: (.+)$/mu.exec((await run('rustc', ['-vV'], { cwd: root })).stdout)?.[1];
    return new CertainFeatures(
      await cargo('metadata', '--locked', '--format-version=1', `--filter-platform=${host}`),
    );
  };
  const unitGraph = async (name: string, args: readonly string[]) =>
    readUnitGraph(await cargo(...args, `-p=${name}`, '--unit-graph', '-Zunstable-options'));
  const featuresOf = (plan: FeaturePlan): Record<string, string[][]> =>
    Object.fromEntries(Object.entries(plan).map(([key, { features }]) => [key, features]));

  it.each([
    ['check --all-targets', true],
    ['test --no-run', true],
    ['build --lib', false],
  ])('tells what cargo %s switches on, for each rule', async (command, withTests) => {
    const certain = await metadata();
    for (const name of Object.keys(CRATES)) {
      const graph = await unitGraph(name, command.split(' '));
      const id = certain.member(name) ?? '';
      const told = certainPlan(graph, id, certain.of(id, withTests));
      expect([name, featuresOf(told)]).toEqual([name, featuresOf(planOf(graph))]);
    }
  });

  it('claims nothing that cargo does not do where resolver 1 joins what is apart', async () => {
    const members = JSON.stringify(Object.keys(CRATES));
    await writeFiles(root, { 'Cargo.toml': `[workspace]\nresolver = "1"\nmembers = ${members}\n` });
    const certain = await metadata();
    let less = 0;
    for (const name of Object.keys(CRATES)) {
      const graph = await unitGraph(name, ['check', '--all-targets']);
      const id = certain.member(name) ?? '';
      const told = featuresOf(certainPlan(graph, id, certain.of(id, true)));
      for (const [key, lists] of Object.entries(featuresOf(planOf(graph)))) {
        const known = new Set(lists.flat());
        expect([name, key, (told[key] ?? []).flat().filter((feature) => !known.has(feature))]).toEqual([
          name,
          key,
          [],
        ]);
        if (JSON.stringify(told[key]) !== JSON.stringify(lists)) less += 1;
      }
    }
    expect(less).toBeGreaterThan(0);
  });

  it('is certain of nothing that two entries of the lock could stand for', () => {
    const id = (name: string): string => `path+file:///${name}#0.1.0`;
    const dependency = { rename: null, kind: null, target: null, optional: false, features: ['x'] };
    const text = JSON.stringify({
      workspace_members: [id('a')],
      packages: [
        {
          id: id('a'),
          name: 'a',
          features: {},
          targets: [],
          dependencies: [{ ...dependency, name: 's', uses_default_features: true }],
        },
        ...['one', 'two'].map((place) => ({
          id: id(place),
          name: 's',
          features: { x: [] },
          targets: [],
          dependencies: [],
        })),
      ],
      resolve: {
        nodes: [
          {
            id: id('a'),
            deps: ['one', 'two'].map((place) => ({
              name: 's',
              pkg: id(place),
              dep_kinds: [{ kind: null, target: null }],
            })),
          },
        ],
      },
    });
    expect([...new CertainFeatures(text).of(id('a'), true).keys()]).toEqual([`program ${id('a')}`]);
  });
});
