import type { CargoFacts, PackageFacts, PathDependency } from './cargo-facts-types';
import { stringAt, tableAt, type Manifest } from './manifest';
import { manifestDependencies } from './manifest-dependencies';
import { manifestFacts } from './manifest-facts/manifest-facts';
import type { ManifestReader } from './manifest-facts/manifest-reader';
import { absolutePath, REPOSITORY, repositoryPath } from './manifest-facts/repository-path';

/** `replaced`: folders of packages that `[patch]` or `[replace]` of the workspace put among its dependencies. */
export function packageFactsOf(
  manifest: Manifest,
  root: Manifest,
  replaced: PathDependency[] = [],
): PackageFacts {
  const place = { repository: REPOSITORY, file: repositoryPath(manifest.file) };
  return {
    name: stringAt(tableAt(manifest.toml, 'package'), 'name') ?? '',
    folder: repositoryPath(manifest.folder),
    manifest: manifestFacts(manifest, root, place),
    pathDependencies: joined([...pathDependencies(manifest, root), ...replaced]),
  };
}

/** What the members reach by path beyond themselves, and what that reaches. */
export function readOthers(facts: CargoFacts, reader: ManifestReader): void {
  const known = new Set([...facts.members.values()].map(({ folder }) => folder));
  const queue = [...facts.members.values()].flatMap(foldersOf);
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    if (known.has(folder)) continue;
    known.add(folder);
    const manifest = reader.at(absolutePath(folder));
    if (!manifest?.toml) continue;
    const found = packageFactsOf(manifest, reader.rootOf(manifest));
    facts.others.set(folder, found);
    queue.push(...foldersOf(found));
  }
}

function foldersOf({ pathDependencies: edges }: PackageFacts): string[] {
  return edges.map(({ folder }) => folder);
}

function pathDependencies(manifest: Manifest, root: Manifest): PathDependency[] {
  return manifestDependencies(manifest, root).flatMap(({ path, kind }) =>
    path === undefined ? [] : [{ folder: repositoryPath(path), kinds: [kind] }],
  );
}

/** One entry per folder, without the package itself. */
function joined(edges: PathDependency[]): PathDependency[] {
  const kinds = new Map<string, Set<PathDependency['kinds'][number]>>();
  for (const edge of edges) {
    const known = kinds.get(edge.folder) ?? new Set();
    for (const kind of edge.kinds) known.add(kind);
    kinds.set(edge.folder, known);
  }
  return [...kinds]
    .map(([folder, found]) => ({ folder, kinds: [...found].sort() }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}
