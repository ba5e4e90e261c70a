import { relative, resolve, sep } from 'node:path';
import { ancestorFolders } from './ancestor-folders';
import { stringAt, stringsAt, tableAt, type Manifest } from './manifest';
import { manifestDependencies } from './manifest-dependencies';
import { globsToRegExp } from './match-glob';

/** Manifests by their folder. */
export type ManifestIndex = Map<string, Manifest>;

/**
 * The members of a workspace by cargo's rules: the root package, what `members` matches, and every path dependency of a
 * member that lies below the root, without what is excluded. Unreadable members are among them.
 */
export function workspaceMembers(root: Manifest, index: ManifestIndex): Manifest[] {
  if (!root.toml) return packagesBelow(root, index);
  const members = new Map<string, Manifest>();
  const queue = [root, ...[...index.values()].filter((manifest) => isListed(manifest, root))];
  for (let manifest = queue.shift(); manifest; manifest = queue.shift()) {
    if (members.has(manifest.folder) || (manifest.isWorkspace && manifest !== root)) continue;
    if (isExcluded(manifest.folder, root)) continue;
    members.set(manifest.folder, manifest);
    queue.push(...pathDependencies(manifest, root, index));
  }
  return [...members.values()].filter(
    (manifest) => manifest !== root || 'package' in (manifest.toml ?? {}) || !manifest.toml,
  );
}

/** The workspace that a manifest belongs to by its place or its pointer, listed there or not. */
export function governingWorkspace(manifest: Manifest, index: ManifestIndex): Manifest | undefined {
  const pointer = stringAt(tableAt(manifest.toml, 'package'), 'workspace');
  if (pointer !== undefined) return index.get(resolve(manifest.folder, pointer));
  return ancestorFolders(manifest.folder)
    .slice(1)
    .map((folder) => index.get(folder))
    .find((candidate) => candidate?.isWorkspace && !isExcluded(manifest.folder, candidate));
}

export function isBelow(folder: string, parent: string): boolean {
  return folder === parent || folder.startsWith(parent.endsWith(sep) ? parent : parent + sep);
}

/** `exclude` holds plain paths; a member that is listed by name stays one. */
function isExcluded(folder: string, root: Manifest): boolean {
  const workspace = tableAt(root.toml, 'workspace');
  const covers = (path: string): boolean => isBelow(folder, resolve(root.folder, path));
  return stringsAt(workspace, 'exclude').some(covers) && !stringsAt(workspace, 'members').some(covers);
}

/** Plain paths apart: most workspaces list nothing else, and each member is held against each entry. */
interface Listed {
  paths: ReadonlySet<string>;
  globs: RegExp | undefined;
}

const listed = new WeakMap<Manifest, Listed>();

function isListed({ folder }: Manifest, root: Manifest): boolean {
  const path = relative(root.folder, folder).split(sep).join('/') || '.';
  const { paths, globs } = listed.get(root) ?? readListed(root);
  return paths.has(path) || (globs?.test(path) ?? false);
}

function readListed(root: Manifest): Listed {
  const patterns = stringsAt(tableAt(root.toml, 'workspace'), 'members').map(
    (pattern) => pattern.replace(/^(\.\/)+|\/+$/g, '') || '.',
  );
  const globs = patterns.filter((pattern) => /[*?[\]{}!]/.test(pattern));
  const found = { paths: new Set(patterns), globs: globs.length > 0 ? globsToRegExp(globs) : undefined };
  listed.set(root, found);
  return found;
}

function pathDependencies(manifest: Manifest, root: Manifest, index: ManifestIndex): Manifest[] {
  return manifestDependencies(manifest, root)
    .map(({ path }) => (path === undefined ? undefined : index.get(path)))
    .filter((target) => target !== undefined)
    .filter((target) => isBelow(target.folder, root.folder) || governingWorkspace(target, index) === root);
}

/** The root cannot be read, so nobody knows its members: the good packages below it are kept. */
function packagesBelow(root: Manifest, index: ManifestIndex): Manifest[] {
  const below = [...index.values()].filter(
    ({ folder, toml, isWorkspace }) =>
      isBelow(folder, root.folder) && toml && 'package' in toml && !isWorkspace,
  );
  return [root, ...below];
}
