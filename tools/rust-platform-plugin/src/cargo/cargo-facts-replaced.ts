import { posix } from 'node:path';
import type { PathDependency, RootFacts } from './cargo-facts-types';
import { lockClosure } from './lock/lock-closure';
import { isTable, stringAt, tableAt, type Manifest, type TomlTable } from './manifest';
import { repositoryPath } from './manifest-facts/repository-path';

/**
 * Folders that `[patch]` and `[replace]` put in the place of packages which a member reaches, by folder of the member. No
 * manifest on the way names them as a path.
 */
export function replacedPackages(
  root: Manifest,
  members: readonly Manifest[],
  facts: RootFacts,
): Map<string, PathDependency[]> {
  const folders = replacedFolders(root);
  if (folders.size === 0) return new Map();
  return new Map(members.map((member, index) => [member.folder, reached(facts, index, folders)]));
}

function reached(facts: RootFacts, index: number, folders: Map<string, string[]>): PathDependency[] {
  const { packages = [], members, lockFile: file } = facts;
  const { name = '', version } = members[index] ?? {};
  const request = { packages, members, crate: name, ...(version === undefined ? {} : { version }), file };
  const foldersIn = (cut: 'build' | 'test'): string[] =>
    [...(lockClosure({ ...request, cut })?.keys() ?? [])].flatMap((one) =>
      one.source === undefined ? (folders.get(one.name) ?? []) : [],
    );
  const built = new Set(foldersIn('build'));
  return [...new Set(foldersIn('test'))].map((folder) => ({
    folder,
    kinds: [built.has(folder) ? 'normal' : 'dev'],
  }));
}

/** By package name: `[patch.crates-io] foo = { path = "…" }`, `[replace] "foo:1.0.0" = { path = "…" }`. */
function replacedFolders({ toml, folder }: Manifest): Map<string, string[]> {
  const tables = [tableAt(toml, 'replace'), ...Object.values(tableAt(toml, 'patch')).filter(isTable)];
  const found = new Map<string, string[]>();
  for (const [key, entry] of tables.flatMap((table: TomlTable) => Object.entries(table))) {
    const path = isTable(entry) ? stringAt(entry, 'path') : undefined;
    if (path === undefined) continue;
    const name =
      (isTable(entry) ? stringAt(entry, 'package') : undefined) ?? key.replace(/^.*[/#]|:.*$/g, '');
    found.set(name, [...(found.get(name) ?? []), repositoryPath(posix.resolve(folder, path))]);
  }
  return found;
}
