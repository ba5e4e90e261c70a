import { resolve } from 'node:path';
import type { CargoDependency } from './cargo-workspace';
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

const KINDS: Array<{ kind: CargoDependency['kind']; table: string }> = [
  { kind: 'normal', table: 'dependencies' },
  { kind: 'dev', table: 'dev-dependencies' },
  { kind: 'build', table: 'build-dependencies' },
];

/** All declared dependencies, those of `[target.*]` included, with what they inherit from `[workspace.dependencies]`. */
export function manifestDependencies(manifest: Manifest, workspace: Manifest): CargoDependency[] {
  const toml = manifest.toml ?? {};
  const platforms = Object.values(tableAt(toml, 'target'));
  return [toml, ...platforms.filter(isTable)].flatMap((section) =>
    KINDS.flatMap(({ kind, table }) =>
      Object.entries(tableWithDashes(section, table)).map(([key, value]) =>
        dependency(key, value, kind, manifest, workspace),
      ),
    ),
  );
}

function dependency(
  key: string,
  value: unknown,
  kind: CargoDependency['kind'],
  manifest: Manifest,
  workspace: Manifest,
): CargoDependency {
  const own = isTable(value) ? value : {};
  const inherits = booleanAt(own, 'workspace') === true;
  const shared = inherits ? inherited(key, workspace) : own;
  const renamedTo = stringAt(shared, 'package');
  const path = stringAt(shared, 'path');
  return {
    name: renamedTo ?? key,
    rename: renamedTo === undefined ? undefined : key,
    kind,
    optional: booleanAt(own, 'optional') ?? false,
    features: inherits
      ? [...stringsAt(shared, 'features'), ...stringsAt(own, 'features')]
      : stringsAt(own, 'features'),
    defaultFeatures: defaultFeatures(own, shared, inherits),
    path: path === undefined ? undefined : resolve(inherits ? workspace.folder : manifest.folder, path),
  };
}

function inherited(key: string, workspace: Manifest): TomlTable {
  const value = tableAt(workspace.toml, 'workspace', 'dependencies')[key];
  return isTable(value) ? value : {};
}

/** A member can switch default features on that the workspace left off, not the other way round. */
function defaultFeatures(own: TomlTable, shared: TomlTable, inherits: boolean): boolean {
  const flag = (table: TomlTable) =>
    booleanAt(table, 'default-features') ?? booleanAt(table, 'default_features');
  if (!inherits) return flag(own) ?? true;
  return (flag(shared) ?? true) || flag(own) === true;
}
