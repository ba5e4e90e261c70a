import { posix } from 'node:path';
import type { RustCrate } from '../service-model/service-model';

/** Folders of a root package that can hold input of its build or tests; the rest of the repository is not its own. */
export const ROOT_PACKAGE_FOLDERS = [
  'src',
  'tests',
  'benches',
  'examples',
  'migrations',
  '.sqlx',
  'assets',
  'fixtures',
  'locales',
  'proto',
  'queries',
  'resources',
  'sql',
  'static',
  'templates',
  'testdata',
];

/**
 * The named input `rust` of a crate: the files that its results depend on. Crates inside its folder are projects of their
 * own, whose files Nx leaves out by itself. API tests and bench scenarios are not among them: they are no input of a build.
 */
export function crateFiles(crate: RustCrate): string[] {
  return [...ownFiles(crate), ...sourcesElsewhere(crate), ...pathDependenciesElsewhere(crate)];
}

/** `folder/name` as a file set of the workspace. */
export function inWorkspace(folder: string, name: string): string {
  const path = posix.join(folder, name);
  return `{workspaceRoot}/${path}`;
}

/** The folder and those above it up to the workspace root, nearest first; none when it lies outside. */
export function foldersUpwards(folder: string): string[] {
  if (folder.startsWith('..')) return [];
  if (folder === '.') return ['.'];
  return [folder, ...foldersUpwards(posix.dirname(folder))];
}

function ownFiles({ root, hasBuildScript }: RustCrate): string[] {
  const all = [
    '{projectRoot}/**/*',
    '!{projectRoot}/target/**/*',
    '!{projectRoot}/api/**/*.http',
    '!{projectRoot}/bench/**/*',
  ];
  // Without rerun-if lines cargo runs a build script for any file of the package.
  if (root !== '.' || hasBuildScript) return all;
  return ['*.toml', '.*.toml', '*.rs', ...ROOT_PACKAGE_FOLDERS.map((folder) => `${folder}/**/*`)].map(
    (path) => `{projectRoot}/${path}`,
  );
}

/** Folders of targets that lie where the patterns above do not reach. */
function sourcesElsewhere({ root, targetSources = [], hasBuildScript }: RustCrate): string[] {
  const covered = root === '.' && !hasBuildScript ? ROOT_PACKAGE_FOLDERS : [root];
  const folders = targetSources
    .map((file) => posix.dirname(file))
    .filter((folder) => !folder.startsWith('..') && folder !== '.')
    .filter(
      (folder) =>
        !covered.some((place) => place === '.' || folder === place || folder.startsWith(`${place}/`)),
    );
  return [...new Set(folders)].sort().map((folder) => inWorkspace(folder, '**/*'));
}

/** Crates of this repository that are no projects, e.g. because they are excluded. Further away only the key sees them. */
function pathDependenciesElsewhere({ repositoryPathDependencies = [] }: RustCrate): string[] {
  return repositoryPathDependencies.map((folder) => inWorkspace(folder, '**/*'));
}
