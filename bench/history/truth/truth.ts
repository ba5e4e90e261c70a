import { posix } from 'node:path';
import type { RepositoryState } from '../repository-state';
import { declaredDependencies, type Package } from './declared-dependencies';
import { LockWalk, type ReachedLock } from './lock-walk';
import {
  builtManifest,
  builtWithDevManifest,
  lintedManifest,
  resolverOf,
  rootText,
  testedManifest,
} from './manifest-lines';
import { table, text, TomlFiles, type Table } from './toml-files';
import { findWorkspaces, readManifests, type Workspace } from './workspaces';

export type Cut = 'build' | 'test' | 'clippy';

/** Everything that decides a result: a text for each package of the lock, for the root and for each manifest. */
export type TruthTexts = Record<Cut, string[]>;

type PackageAt = (folder: string) => Package | undefined;

/**
 * What Cargo files say about each member, written down in full: the reachable part of the lock with its edges, and the
 * effective manifests of the crate and of all that it reaches by path. On purpose it shares no code with the plugin.
 */
export class TruthReader {
  private readonly files = new TomlFiles();

  /** By manifest path. A member whose lock cannot be read is there without texts. */
  read(state: RepositoryState): Map<string, TruthTexts | undefined> {
    const manifests = readManifests(state, this.files);
    const workspaces = findWorkspaces(manifests);
    const all = new Map(
      workspaces.flatMap(({ members }) => members.map((member) => [member.folder, member])),
    );
    const packageAt: PackageAt = (folder) => all.get(folder) ?? lonely(folder, manifests);
    const found = new Map<string, TruthTexts | undefined>();
    for (const workspace of workspaces) {
      const lock = this.files.read(state, posix.join(workspace.folder, 'Cargo.lock'));
      const walk = lock && walkOf(lock, workspace);
      for (const member of workspace.members) {
        const texts = walk && textsOf(member, workspace, walk, packageAt);
        found.set(posix.join(member.folder, 'Cargo.toml'), texts);
      }
    }
    return found;
  }
}

function walkOf(lock: Table, workspace: Workspace): LockWalk | undefined {
  try {
    return new LockWalk(lock, workspace);
  } catch {
    return undefined;
  }
}

function textsOf(
  member: Package,
  workspace: Workspace,
  walk: LockWalk,
  packageAt: PackageAt,
): TruthTexts | undefined {
  // Resolver 1 gives a build the features that only dev-dependencies ask for.
  const builtWithDev = resolverOf(workspace.toml) === '1';
  const build = walk.reached(member, builtWithDev);
  const test = walk.reached(member, true);
  if (!build || !test) return undefined;
  const root = (profiles: string[]): string => rootText(workspace.toml, profiles);
  const below = (reached: ReachedLock, withDev: boolean): string[] =>
    closure(member, withDev, reached, workspace, packageAt).map(builtManifest);
  const own = builtWithDev ? builtWithDevManifest(member) : builtManifest(member);
  const tested = [...test.texts, root(['dev', 'test']), ...below(test, true)];
  return {
    build: [...build.texts, root(['release']), own, ...below(build, builtWithDev)],
    test: [...tested, testedManifest(member)],
    clippy: [...tested, lintedManifest(member)],
  };
}

/** What is reached by path, and what `[patch]` and `[replace]` put there. */
function closure(
  member: Package,
  withDev: boolean,
  reached: ReachedLock,
  workspace: Workspace,
  packageAt: PackageAt,
): Package[] {
  const found = new Map<string, Package>([[member.folder, member]]);
  const queue = [...pathsOf(member, withDev), ...replacements(workspace, reached.local)];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    if (found.has(folder)) continue;
    const one = packageAt(folder);
    if (!one) continue;
    found.set(folder, one);
    queue.push(...pathsOf(one, false));
  }
  found.delete(member.folder);
  return [...found.values()];
}

function pathsOf(one: Package, withDev: boolean): string[] {
  return declaredDependencies(one).flatMap(({ kind, folder }) =>
    folder !== undefined && (withDev || kind !== 'dev') ? [folder] : [],
  );
}

function replacements({ toml, folder }: Workspace, names: string[]): string[] {
  const tables = [...Object.values(table(toml['patch'])).map(table), table(toml['replace'])];
  return tables.flatMap((entries) =>
    Object.entries(entries).flatMap(([key, entry]) => {
      const path = text(table(entry)['path']);
      const name = text(table(entry)['package']) ?? key.split(':')[0]?.split(/[/#]/).pop() ?? key;
      return path !== undefined && names.includes(name) ? [posix.join(folder, path).replace(/\/$/, '')] : [];
    }),
  );
}

/** A path package that is no member: its own root, or the nearest one above that has a workspace. */
function lonely(folder: string, manifests: Map<string, Table>): Package | undefined {
  const toml = manifests.get(folder);
  if (!toml) return undefined;
  let place = folder;
  while (place !== '.' && !('workspace' in (manifests.get(place) ?? {}))) place = posix.dirname(place);
  const root = manifests.get(place);
  const isOwn = !root || !('workspace' in root);
  return { folder, toml, root: isOwn ? { folder, toml } : { folder: place, toml: root } };
}
