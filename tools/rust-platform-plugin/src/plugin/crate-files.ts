import { posix } from 'node:path';
import {
  IN_ROOT_PACKAGE,
  NEVER_OWN,
  OWN_OF_TESTS,
  TEST_FOLDERS,
  type OwnFile,
} from '../cargo/scan/own-files';
import { ROOT_PACKAGE_FOLDERS } from '../cargo/scan/root-package-folders';
import type { RustCrate } from '../service-model/service-model';

export { ownFile } from '../cargo/scan/own-files';

/** Of a crate that another depends on. Its other files are told by the key alone, see plugin/selection. */
const OF_DEPENDENCIES = ['*.rs', `{${['src', ...withoutTests(ROOT_PACKAGE_FOLDERS)].join(',')}}/**`];

/** The named input `rust` of a crate: all files that its own results depend on. */
export function crateFiles(crate: RustCrate): string[] {
  return ownFileSets(crate, 'test');
}

/**
 * The files of a crate that count for its build (`compile`) or also for its tests. Crates inside its folder are projects of
 * their own, whose files Nx leaves out by itself.
 */
export function ownFileSets(crate: RustCrate, part: OwnFile): string[] {
  const isTest = part === 'test';
  const inRoot = isTest ? [...IN_ROOT_PACKAGE, ...OWN_OF_TESTS] : IN_ROOT_PACKAGE;
  const wanted = crate.root === '.' ? inRoot : ['**'];
  // Nx joins the file sets of a project, so that no pattern can bring back what another one excepts.
  const excepted = isTest ? NEVER_OWN : [...NEVER_OWN, ...OWN_OF_TESTS];
  return [
    ...wanted.map(inProject),
    ...excepted.map((glob) => `!${inProject(glob)}`),
    ...sourcesElsewhere(crate),
  ];
}

/** Its Rust sources only. */
export function rustFileSets(crate: RustCrate): string[] {
  const wanted = crate.root === '.' ? ['*.rs', `{${ROOT_PACKAGE_FOLDERS.join(',')}}/**/*.rs`] : ['**/*.rs'];
  return [...wanted.map(inProject), `!${inProject('target/**')}`, ...sourcesElsewhere(crate)];
}

/** What dependants of a crate see of it, as file sets of the workspace. */
export function dependencyFileSets(crate: RustCrate): string[] {
  if (crate.root.startsWith('..')) return [];
  return [
    ...OF_DEPENDENCIES.map((glob) => inWorkspace(crate.root, asFiles(glob))),
    ...sourcesElsewhere(crate),
  ];
}

/** `folder/name` as a file set of the workspace. */
export function inWorkspace(folder: string, name: string): string {
  return `{workspaceRoot}/${posix.join(folder, name)}`;
}

/** The folder and those above it up to the workspace root, nearest first; none when it lies outside. */
export function foldersUpwards(folder: string): string[] {
  if (folder.startsWith('..')) return [];
  if (folder === '.') return ['.'];
  return [folder, ...foldersUpwards(posix.dirname(folder))];
}

/** Folders of targets that lie where the patterns above do not reach. */
function sourcesElsewhere({ root, targetSources = [] }: RustCrate): string[] {
  const covered = root === '.' ? ROOT_PACKAGE_FOLDERS : [root];
  const folders = targetSources
    .map((file) => posix.dirname(file))
    .filter((folder) => !folder.startsWith('..') && folder !== '.')
    .filter((folder) => !covered.some((place) => folder === place || folder.startsWith(`${place}/`)));
  return [...new Set(folders)].sort().map((folder) => inWorkspace(folder, '**/*'));
}

function inProject(glob: string): string {
  return `{projectRoot}/${asFiles(glob)}`;
}

/** Nx wants a name for the files of a folder. */
function asFiles(glob: string): string {
  return glob.endsWith('**') ? `${glob}/*` : glob;
}

function withoutTests(folders: readonly string[]): string[] {
  const others = ['src', 'migrations', '.sqlx', ...TEST_FOLDERS];
  return folders.filter((folder) => !others.includes(folder));
}
