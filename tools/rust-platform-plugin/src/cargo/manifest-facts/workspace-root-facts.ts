import { isTable, stringAt, tableAt, type Manifest } from '../manifest';
import { byName, factValue, type ManifestFact } from './manifest-fact';

/** What the root manifest decides for every member: profiles, replaced packages, resolver. */
export function workspaceRootFacts(root: Manifest, file: string): ManifestFact[] {
  const toml = root.toml ?? {};
  return byName([
    ...entriesOf(toml['profile'], `${file} [profile.`, ']'),
    ...Object.entries(tableAt(toml, 'patch')).flatMap(([registry, table]) =>
      entriesOf(table, `${file} [patch.${registry}] `),
    ),
    ...entriesOf(toml['replace'], `${file} [replace] `),
    { name: `${file} resolver`, value: resolverOf(root) },
  ]);
}

/** The resolver of features that cargo uses: as written, else by the edition of the root package. */
export function resolverOf(root: Manifest): string {
  const own = tableAt(root.toml, 'package');
  const written = stringAt(tableAt(root.toml, 'workspace'), 'resolver') ?? stringAt(own, 'resolver');
  if (written !== undefined) return written;
  const edition = own['edition'];
  const inherited = isTable(edition)
    ? stringAt(tableAt(root.toml, 'workspace', 'package'), 'edition')
    : edition;
  if (inherited === '2021') return '2';
  return inherited === undefined || inherited === '2015' || inherited === '2018' ? '1' : '3';
}

function entriesOf(value: unknown, prefix: string, suffix = ''): ManifestFact[] {
  if (!isTable(value)) return [];
  return Object.entries(value).map(([key, entry]) => ({
    name: `${prefix}${key}${suffix}`,
    value: factValue(entry),
  }));
}
