import { relative, resolve, sep } from 'node:path';
import {
  isTable,
  stringAt,
  stringsAt,
  tableAt,
  tableWithDashes,
  type Manifest,
  type TomlTable,
} from '../manifest';
import { factValue, type ManifestFact } from './manifest-fact';

const TABLES = ['dependencies', 'dev-dependencies', 'build-dependencies'] as const;

/** Of an inheriting entry: what is joined with the entry of the workspace. */
const TAKEN_OVER = new Set(['workspace', 'features']);

/** Where relative paths of the facts start, absolute. */
export interface FactsPlace {
  repository: string;
  /** Name of the manifest in the facts. */
  file: string;
}

/**
 * Every declared dependency, those of `[target.*]` included, as if it inherited nothing: what a member takes over from
 * `[workspace.dependencies]` counts where it is taken over, an entry that nobody uses nowhere.
 */
export function dependencyFacts(manifest: Manifest, workspace: Manifest, place: FactsPlace): ManifestFact[] {
  const targets = tableAt(manifest.toml, 'target');
  const sections: Array<[string, TomlTable]> = [
    ['', manifest.toml ?? {}],
    ...Object.entries(targets).flatMap(([name, table]): Array<[string, TomlTable]> =>
      isTable(table) ? [[`target.${name}.`, table]] : [],
    ),
  ];
  return sections.flatMap(([prefix, section]) =>
    TABLES.flatMap((table) =>
      Object.entries(tableWithDashes(section, table)).map(([key, value]) => ({
        name: `${place.file} [${prefix}${table}] ${key}`,
        value: factValue(expanded(key, value, manifest, workspace, place)),
        ...(table === 'dev-dependencies' ? { only: 'test' as const } : {}),
      })),
    ),
  );
}

function expanded(
  key: string,
  value: unknown,
  manifest: Manifest,
  workspace: Manifest,
  place: FactsPlace,
): TomlTable {
  const own = withDashes(asTable(value));
  if (own['workspace'] !== true) return normalized(own, manifest.folder, place);
  const rest = Object.fromEntries(Object.entries(own).filter(([name]) => !TAKEN_OVER.has(name)));
  const shared = withDashes(asTable(tableAt(workspace.toml, 'workspace', 'dependencies')[key] ?? {}));
  const features = [...stringsAt(shared, 'features'), ...stringsAt(own, 'features')];
  return normalized(
    { ...shared, ...rest, ...defaultFeatures(shared, own), ...(features.length > 0 ? { features } : {}) },
    workspace.folder,
    place,
  );
}

/** A member can switch default features on that the workspace left off, not the other way round. */
function defaultFeatures(shared: TomlTable, own: TomlTable): TomlTable {
  if (shared['default-features'] !== false) return {};
  return { 'default-features': own['default-features'] === true };
}

/** `"1"` is `{ version = "1" }`, an order of features means nothing, and a path is the same from wherever it is given. */
function normalized(table: TomlTable, folder: string, { repository }: FactsPlace): TomlTable {
  const path = stringAt(table, 'path');
  const { 'default-features': flag, ...rest } = table;
  return {
    ...rest,
    ...(flag === false ? { 'default-features': false } : {}),
    ...('features' in table ? { features: [...new Set(stringsAt(table, 'features'))].sort() } : {}),
    ...(path === undefined
      ? {}
      : { path: relative(repository, resolve(folder, path)).split(sep).join('/') || '.' }),
  };
}

function asTable(value: unknown): TomlTable {
  if (typeof value === 'string') return { version: value };
  return isTable(value) ? value : {};
}

function withDashes(table: TomlTable): TomlTable {
  const { default_features: old, ...rest } = table;
  return old === undefined || 'default-features' in rest ? rest : { ...rest, 'default-features': old };
}
