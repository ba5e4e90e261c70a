import { join } from 'node:path';
import type { CargoTarget } from './cargo-workspace';
import type { CrateLayout, TargetFolder } from './crate-layout';
import {
  booleanAt,
  isTable,
  stringAt,
  stringsAt,
  tableAt,
  tableWithDashes,
  type Manifest,
  type TomlTable,
} from './manifest';

interface Found {
  name: string;
  path: string;
  toml: TomlTable;
}

const FAMILIES: Array<{ kind: string; folder: TargetFolder; auto: string }> = [
  { kind: 'bin', folder: 'src/bin', auto: 'autobins' },
  { kind: 'example', folder: 'examples', auto: 'autoexamples' },
  { kind: 'test', folder: 'tests', auto: 'autotests' },
  { kind: 'bench', folder: 'benches', auto: 'autobenches' },
];

/** The targets of a package as cargo finds them: what the manifest names, then what lies in the usual folders. */
export function discoverTargets(manifest: Manifest, layout: CrateLayout, edition: string): CargoTarget[] {
  const toml = manifest.toml ?? {};
  const name = stringAt(tableAt(toml, 'package'), 'name') ?? '';
  const families = FAMILIES.flatMap(({ kind, folder, auto }) => {
    const inferred = inferredTargets(kind, folder, name, layout);
    const named = (Array.isArray(toml[kind]) ? toml[kind] : [])
      .filter(isTable)
      .map((table) => namedTarget(table, folder, inferred));
    return [...named, ...remaining(named, inferred, booleanAt(tableAt(toml, 'package'), auto), edition)].map(
      (target) => asTarget(kind, target, manifest.folder),
    );
  });
  return [...library(manifest, layout, name), ...families, ...buildScript(manifest, layout)];
}

function inferredTargets(kind: string, folder: TargetFolder, name: string, layout: CrateLayout): Found[] {
  const discovered = Object.entries(layout.discovered[folder]).map(([key, path]) => ({
    name: key,
    path,
    toml: {},
  }));
  const main =
    kind === 'bin' && layout.src.includes('main.rs') ? [{ name, path: 'src/main.rs', toml: {} }] : [];
  return [...main, ...discovered];
}

function namedTarget(toml: TomlTable, folder: TargetFolder, inferred: Found[]): Found {
  const name = stringAt(toml, 'name') ?? '';
  const path =
    stringAt(toml, 'path') ??
    inferred.find((candidate) => candidate.name === name)?.path ??
    `${folder}/${name}.rs`;
  return { name, path, toml };
}

/** Edition 2015 stops looking as soon as one target is named by hand. */
function remaining(named: Found[], inferred: Found[], auto: boolean | undefined, edition: string): Found[] {
  if (!(auto ?? (edition !== '2015' || named.length === 0))) return [];
  return inferred.filter(
    (candidate) => !named.some(({ name, path }) => name === candidate.name || path === candidate.path),
  );
}

function asTarget(kind: string, { name, path, toml }: Found, root: string): CargoTarget {
  return {
    name,
    kind: [kind],
    srcPath: join(root, path),
    test: booleanAt(toml, 'test') ?? (kind === 'bin' || kind === 'test'),
    doctest: false,
    requiredFeatures: stringsAt(toml, 'required-features'),
  };
}

function library(manifest: Manifest, layout: CrateLayout, packageName: string): CargoTarget[] {
  const toml = manifest.toml ?? {};
  const lib = tableAt(toml, 'lib');
  const auto = booleanAt(tableAt(toml, 'package'), 'autolib') ?? true;
  if (!isTable(toml['lib']) && !(auto && layout.src.includes('lib.rs'))) return [];
  const kind = libraryKinds(lib);
  return [
    {
      name: stringAt(lib, 'name') ?? packageName.replaceAll('-', '_'),
      kind,
      srcPath: join(manifest.folder, stringAt(lib, 'path') ?? 'src/lib.rs'),
      test: booleanAt(lib, 'test') ?? true,
      doctest:
        (booleanAt(lib, 'doctest') ?? true) &&
        kind.some((one) => ['lib', 'rlib', 'proc-macro'].includes(one)),
      requiredFeatures: [],
    },
  ];
}

function libraryKinds(lib: TomlTable): string[] {
  if (booleanAt(lib, 'proc-macro') ?? booleanAt(lib, 'proc_macro')) return ['proc-macro'];
  const types = 'crate-type' in lib ? stringsAt(lib, 'crate-type') : stringsAt(lib, 'crate_type');
  return types.length > 0 ? types : ['lib'];
}

function buildScript(manifest: Manifest, layout: CrateLayout): CargoTarget[] {
  const { build } = tableWithDashes(manifest.toml ?? {}, 'package');
  const found = layout.entries.includes('build.rs') && build !== false;
  const paths = Array.isArray(build)
    ? build
    : [typeof build === 'string' ? build : found ? 'build.rs' : undefined];
  return paths
    .filter((path) => typeof path === 'string')
    .map((path) => ({
      name: `build-script-${path.replace(/^.*\//, '').replace(/\.rs$/, '')}`,
      kind: ['custom-build'],
      srcPath: join(manifest.folder, path),
      test: false,
      doctest: false,
      requiredFeatures: [],
    }));
}
