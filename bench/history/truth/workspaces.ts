import { posix } from 'node:path';
import { minimatch } from 'minimatch';
import type { RepositoryState } from '../repository-state';
import { declaredDependencies, type Package } from './declared-dependencies';
import { strings, table, text, type Table, type TomlFiles } from './toml-files';

export interface Workspace {
  folder: string;
  toml: Table;
  members: Package[];
}

type Manifests = Map<string, Table>;

/** Folder → manifest of every package and workspace that can be read. */
export function readManifests(state: RepositoryState, files: TomlFiles): Manifests {
  const found: Manifests = new Map();
  for (const path of state.manifests) {
    const toml = files.read(state, path);
    if (toml) found.set(posix.dirname(path), toml);
  }
  return found;
}

/** As cargo finds them: listed members, the root package, path dependencies below the root; and packages on their own. */
export function findWorkspaces(manifests: Manifests): Workspace[] {
  const workspaces: Workspace[] = [];
  const taken = new Set<string>();
  const roots = [...manifests].filter(([, toml]) => 'workspace' in toml).map(([folder]) => folder);
  // The innermost root first: it has what lies below it.
  for (const folder of roots.sort((a, b) => b.length - a.length)) {
    const workspace = readWorkspace(folder, manifests, taken);
    for (const member of workspace.members) taken.add(member.folder);
    workspaces.push(workspace);
  }
  for (const [folder, toml] of manifests) {
    if (taken.has(folder) || 'workspace' in toml || !('package' in toml)) continue;
    const rootsAbove = roots.filter((root) => isBelow(folder, root));
    const isLeftAlone = rootsAbove.some((root) => !isExcluded(folder, root, manifests));
    if (!isLeftAlone) workspaces.push({ folder, toml, members: [{ folder, toml, root: { folder, toml } }] });
  }
  return workspaces;
}

function readWorkspace(folder: string, manifests: Manifests, taken: Set<string>): Workspace {
  const toml = manifests.get(folder) ?? {};
  const root = { folder, toml };
  const patterns = strings(table(toml['workspace'])['members']).map((path) =>
    posix.join(folder, path).replace(/\/$/, ''),
  );
  const queue = [
    folder,
    ...[...manifests.keys()].filter((place) => patterns.some((glob) => minimatch(place, glob))),
  ];
  const members = new Map<string, Package>();
  for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
    const own = manifests.get(place);
    if (!own || members.has(place) || taken.has(place) || (place !== folder && 'workspace' in own)) continue;
    if (isExcluded(place, folder, manifests)) continue;
    const member = { folder: place, toml: own, root };
    members.set(place, member);
    for (const dependency of declaredDependencies(member)) {
      const to = dependency.folder;
      if (to !== undefined && (isBelow(to, folder) || pointsTo(to, folder, manifests))) queue.push(to);
    }
  }
  return { folder, toml, members: [...members.values()].filter((member) => 'package' in member.toml) };
}

function isExcluded(place: string, root: string, manifests: Manifests): boolean {
  const { exclude, members } = table(manifests.get(root)?.['workspace']);
  const holds = (list: unknown): boolean =>
    strings(list).some((path) => isBelow(place, posix.join(root, path).replace(/\/$/, '')));
  return holds(exclude) && !holds(members);
}

function pointsTo(place: string, root: string, manifests: Manifests): boolean {
  const pointer = text(table(manifests.get(place)?.['package'])['workspace']);
  return pointer !== undefined && posix.join(place, pointer).replace(/\/$/, '') === root;
}

function isBelow(place: string, folder: string): boolean {
  return folder === '.' ? !place.startsWith('..') : place === folder || place.startsWith(`${folder}/`);
}
