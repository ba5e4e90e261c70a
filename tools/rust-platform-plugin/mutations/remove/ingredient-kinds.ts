import type { Ingredient, KeyRecord } from '../../src/results/key-record';

/**
 * What kind of thing an ingredient is, whichever crate it belongs to: the same mistake would leave out all of a kind. A
 * variable is a kind of its own, as is a section of a manifest.
 */
export function kindOf({ group, name }: Pick<Ingredient, 'group' | 'name'>): string {
  return `${group}: ${NAMES[group]?.(name) ?? name}`;
}

const NAMES: Partial<Record<Ingredient['group'], (name: string) => string>> = {
  source: (name) => (name.endsWith('.rs') ? '*.rs' : name),
  file: fileKind,
  manifest: sectionOf,
  lock: (name) => /\((\w+)\)$/.exec(name)?.[1] ?? name,
  tool: (name) => (/toolchain/.test(name) ? 'toolchain file' : name.replace(/^rustc in .*/, 'rustc')),
  config: (name) => sectionOf(name.replace(/^(\S*\/)?(\.cargo\/)?/, '')),
  server: (name) => name.replace(/^\S+\.ya?ml .*/, 'compose service'),
  place: (name) => name.replace(/ \(.*/, ''),
  unverified: () => 'reasons',
};

/** `services/app/Cargo.toml [dependencies] serde` → `[dependencies]`. */
function sectionOf(name: string): string {
  const metadata = /\[package\.metadata\.rust-platform\] (\S+)/.exec(name)?.[1];
  if (metadata) return `[package.metadata.rust-platform] ${metadata}`;
  const field = /\[package\] (\S+)/.exec(name)?.[1];
  if (field) return `[package] ${field}`;
  const section = /\[[^\]]+\]/.exec(name)?.[0];
  return section ?? name.replace(/^\S*Cargo\.toml /, '');
}

function fileKind(name: string): string {
  if (/(^|\/)\.env/.test(name)) return '.env';
  if (/(^|\/)\.sqlx\//.test(name)) return '.sqlx';
  if (/(^|\/)(migrations|schema)\//.test(name)) return 'migrations';
  if (/\/api\//.test(name)) return 'API tests';
  if (/\/tests\//.test(name)) return 'data of tests';
  return 'others';
}

/** Kinds of all ingredients whose value differs between two records. */
export function changedKinds(before: KeyRecord, after: KeyRecord): Set<string> {
  const old = valuesOf(before);
  const now = valuesOf(after);
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return new Set(names.filter((name) => old.get(name) !== now.get(name)).map(kindAt));
}

export function kindsIn(record: KeyRecord): Set<string> {
  return new Set([...valuesOf(record).keys()].map(kindAt));
}

function valuesOf({ parts }: KeyRecord): Map<string, string> {
  const entries = Object.entries(parts).flatMap(([part, ingredients]) =>
    ingredients.map(({ group, name, value }) => [JSON.stringify([part, group, name]), value] as const),
  );
  return new Map(entries);
}

function kindAt(key: string): string {
  const [, group, name] = JSON.parse(key) as [string, Ingredient['group'], string];
  return kindOf({ group, name });
}
