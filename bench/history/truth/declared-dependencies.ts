import { posix } from 'node:path';
import { remembered } from './remembered';
import { strings, table, text, type Table } from './toml-files';

export interface Package {
  /** Folder of the manifest, relative to the repository; `.` is its root. */
  folder: string;
  toml: Table;
  /** The manifest that it inherits from. */
  root: { folder: string; toml: Table };
}

export interface Declared {
  /** `dependencies`, `target.'cfg(unix)'.build-dependencies`, … */
  section: string;
  kind: 'normal' | 'dev' | 'build';
  /** Name of the package, whatever it is called here. */
  name: string;
  /** Folder of a path dependency. */
  folder: string | undefined;
  /** Everything that is declared, inherited parts included. */
  declaration: Table;
  alias: string;
}

const SECTIONS = [
  ['dependencies', 'normal'],
  ['dev-dependencies', 'dev'],
  ['build-dependencies', 'build'],
] as const;

/** Each dependency as if nothing were inherited. */
export const declaredDependencies = remembered(readDeclared);

function readDeclared(one: Package): Declared[] {
  const places: Array<[string, Table]> = [['', one.toml]];
  for (const [name, target] of Object.entries(table(one.toml['target'])))
    places.push([`target.${name}.`, table(target)]);
  const found: Declared[] = [];
  for (const [prefix, place] of places) {
    for (const [section, kind] of SECTIONS) {
      const entries = table(place[section] ?? place[section.replace('-', '_')]);
      for (const [alias, entry] of Object.entries(entries)) {
        const declaration = expand(alias, entry, one);
        found.push({
          section: prefix + section,
          kind,
          alias,
          name: text(declaration['package']) ?? alias,
          folder: text(declaration['path']),
          declaration,
        });
      }
    }
  }
  return found;
}

function expand(alias: string, entry: unknown, { folder, root }: Package): Table {
  const own = spelled(entry);
  if (own['workspace'] !== true) return rooted(own, folder);
  const shared = spelled(table(table(root.toml['workspace'])['dependencies'])[alias]);
  const merged: Table = { ...shared, ...own };
  delete merged['workspace'];
  // What the workspace switches on cannot be switched off.
  if (shared['default-features'] !== false) delete merged['default-features'];
  else merged['default-features'] = own['default-features'] === true;
  const features = [...strings(shared['features']), ...strings(own['features'])];
  if (features.length > 0) merged['features'] = features;
  return rooted(merged, root.folder);
}

function spelled(entry: unknown): Table {
  const given = typeof entry === 'string' ? { version: entry } : { ...table(entry) };
  if ('default_features' in given) {
    given['default-features'] ??= given['default_features'];
    delete given['default_features'];
  }
  return given;
}

function rooted(declaration: Table, folder: string): Table {
  const result = { ...declaration };
  const path = text(result['path']);
  if (path !== undefined) result['path'] = posix.join(folder, path).replace(/\/$/, '');
  if (result['default-features'] === true) delete result['default-features'];
  if ('features' in result) {
    const features = [...new Set(strings(result['features']))].sort();
    if (features.length > 0) result['features'] = features;
    else delete result['features'];
  }
  return result;
}
