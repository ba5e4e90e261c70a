import { relative, sep } from 'node:path';
import { ancestorFolders } from './ancestor-folders';
import type { CargoProblem } from './cargo-workspace';
import { stringAt, tableAt, type Manifest } from './manifest';
import { governingWorkspace, workspaceMembers, type ManifestIndex } from './workspace-members';

/** A manifest that is nobody's crate. */
export interface LeftAlone {
  /** Absolute. */
  manifest: string;
  reason: string;
}

export interface CargoRoots {
  roots: CargoRoot[];
  leftAlone: LeftAlone[];
  problems: CargoProblem[];
}

export interface CargoRoot {
  manifest: Manifest;
  /** Members by the manifests; cargo has the last word when it answers. */
  members: Manifest[];
}

/** Their manifests are input or output of a test or a generator. */
const DATA_FOLDERS = [
  'fixtures',
  '__fixtures__',
  'testdata',
  'test-data',
  'test_data',
  'templates',
  'template',
];
/** These only inside another crate: a crate may well live in `tests/` of a repository. */
const TEST_FOLDERS = ['tests', 'test', 'benches', 'snapshots'];

/**
 * Which manifests cargo would take as the root of a workspace: those with `[workspace]`, and packages that no workspace
 * claims. Everything else is a member, or a fixture or template that is left alone.
 */
export function findCargoRoots(manifests: Manifest[], repository: string): CargoRoots {
  const index: ManifestIndex = new Map(manifests.map((manifest) => [manifest.folder, manifest]));
  const isData = (manifest: Manifest) => isTestData(manifest, index, repository);
  const workspaces = manifests
    .filter((manifest) => manifest.isWorkspace && !isData(manifest))
    .map((manifest) => ({ manifest, members: workspaceMembers(manifest, index) }));
  const claimed = new Set(workspaces.flatMap(({ manifest, members }) => [manifest, ...members]));
  const result: CargoRoots = { roots: workspaces, leftAlone: [], problems: [] };
  for (const manifest of claimed) if (manifest.problem) result.problems.push(manifest.problem);
  for (const manifest of manifests.filter((candidate) => !claimed.has(candidate))) {
    const reason = isData(manifest) ? 'test data or a template' : reasonToLeave(manifest, index, repository);
    if (reason !== undefined) result.leftAlone.push({ manifest: manifest.file, reason });
    else if (manifest.problem) result.problems.push(manifest.problem);
    else result.roots.push({ manifest, members: [manifest] });
  }
  return result;
}

function reasonToLeave(manifest: Manifest, index: ManifestIndex, repository: string): string | undefined {
  const workspace = governingWorkspace(manifest, index);
  if (workspace) {
    return `${relative(repository, workspace.file)} is above it and neither lists nor excludes it`;
  }
  const placeholder = /\{\{|\{%|<%|\$\{/.test(manifest.text);
  if (!manifest.toml) return placeholder ? 'a template' : undefined;
  const name = stringAt(tableAt(manifest.toml, 'package'), 'name');
  if (name === undefined) return 'it has neither a package with a name nor a workspace';
  return /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(name)
    ? undefined
    : 'a template: its name is no crate name';
}

function isTestData(manifest: Manifest, index: ManifestIndex, repository: string): boolean {
  const segments = relative(repository, manifest.folder).split(sep);
  if (segments.some((segment) => DATA_FOLDERS.includes(segment))) return true;
  const owner = ancestorFolders(manifest.folder)
    .slice(1)
    .find((folder) => index.has(folder));
  if (owner === undefined) return false;
  return relative(owner, manifest.folder)
    .split(sep)
    .some((segment) => TEST_FOLDERS.includes(segment));
}
