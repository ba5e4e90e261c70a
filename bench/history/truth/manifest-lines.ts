import { declaredDependencies, type Package } from './declared-dependencies';
import { remembered } from './remembered';
import { table, type Table } from './toml-files';

/** Of `[package]`: about publishing, or about which package a command means. */
const WITHOUT_EFFECT =
  'metadata keywords categories documentation include exclude publish default-run workspace resolver'.split(
    ' ',
  );
const ELSEWHERE =
  'package project workspace profile patch replace badges lints target dependencies dev-dependencies dev_dependencies build-dependencies build_dependencies'.split(
    ' ',
  );

type Role = 'built' | 'tested' | 'linted';

/** The effective manifest: one line per entry, nothing inherited, nothing that compiles nothing. */
export const builtManifest = remembered((one) => manifestText(one, 'built', false));
/** With the dev-dependencies, whose features resolver 1 gives to a build. */
export const builtWithDevManifest = remembered((one) => manifestText(one, 'built', true));
export const testedManifest = remembered((one) => manifestText(one, 'tested', true));
export const lintedManifest = remembered((one) => manifestText(one, 'linted', true));

function manifestText(one: Package, role: Role, withDev: boolean): string {
  const lines = [...packageLines(one), ...tableLines(one, role), ...lintLines(one, role)];
  for (const { section, kind, alias, declaration } of declaredDependencies(one)) {
    if (kind !== 'dev' || withDev) lines.push(`[${section}] ${alias} = ${canonical(declaration)}`);
  }
  return lines
    .map((line) => `${one.folder} ${line}`)
    .sort()
    .join('\n');
}

/** What the root decides for every member; of the profiles those that it is compiled with. */
export function rootText(toml: Table, profiles: string[]): string {
  const lines = ['profile', 'patch', 'replace'].flatMap((name) =>
    Object.entries(table(toml[name]))
      .filter(([key]) => name !== 'profile' || profiles.includes(key))
      .map(([key, value]) => `root [${name}] ${key} = ${canonical(value)}`),
  );
  return [...lines, `root resolver = ${resolverOf(toml)}`].sort().join('\n');
}

export function resolverOf(toml: Table): string {
  const own = table(toml['package']);
  const workspace = table(toml['workspace']);
  const written = workspace['resolver'] ?? own['resolver'];
  if (typeof written === 'string') return written;
  const edition = String(
    isInherited(own['edition']) ? table(workspace['package'])['edition'] : (own['edition'] ?? '2015'),
  );
  return { '2015': '1', '2018': '1', '2021': '2' }[edition] ?? '3';
}

function packageLines({ toml, root }: Package): string[] {
  const shared = table(table(root.toml['workspace'])['package']);
  return Object.entries(table(toml['package']))
    .filter(([key]) => !WITHOUT_EFFECT.includes(key))
    .map(
      ([key, value]) =>
        `[package] ${key.replaceAll('_', '-')} = ${canonical(isInherited(value) ? shared[key] : value)}`,
    );
}

function tableLines({ toml }: Package, role: Role): string[] {
  const skipped = role !== 'built' ? [] : ['test', 'example', 'bench'];
  return Object.entries(toml)
    .filter(([key]) => !ELSEWHERE.includes(key) && !skipped.includes(key))
    .flatMap(([key, value]) => {
      const entries = key === 'features' ? Object.entries(table(value)) : undefined;
      return entries
        ? entries.map(([name, list]) => `[features] ${name} = ${canonical(list)}`)
        : [`[${key}] = ${canonical(value)}`];
    });
}

function lintLines({ toml, root }: Package, role: Role): string[] {
  const own = table(toml['lints']);
  const lints = own['workspace'] === true ? table(table(root.toml['workspace'])['lints']) : own;
  return Object.entries(lints)
    .filter(([tool]) => role === 'linted' || tool !== 'clippy')
    .flatMap(([tool, levels]) =>
      Object.entries(table(levels)).map(([name, level]) => `[lints.${tool}] ${name} = ${canonical(level)}`),
    );
}

function isInherited(value: unknown): boolean {
  return table(value)['workspace'] === true;
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      inner instanceof Date || Array.isArray(inner) || typeof inner !== 'object' || inner === null
        ? inner
        : Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))),
    ) ?? 'null'
  );
}
