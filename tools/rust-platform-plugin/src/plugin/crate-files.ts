import { posix } from 'node:path';
import { IN_ROOT_PACKAGE, NEVER_OWN, OWN_OF_TESTS } from '../cargo/scan/own-files';
import { ROOT_PACKAGE_FOLDERS } from '../cargo/scan/root-package-folders';
import type { RustCrate } from '../service-model/service-model';

export { ownFile } from '../cargo/scan/own-files';

/** Of a crate that another depends on. Its other files are told by the key alone, see selection/files-beyond.ts. */
const OF_DEPENDENCIES = '{*.rs,src/**/*}';

/**
 * The files of a crate that count for its build and its tests. Crates inside its folder are projects of their own, whose files Nx
 * leaves out by itself.
 */
export function ownFileSets(crate: RustCrate): string[] {
  // Nx joins the file sets of a project, so that no pattern can bring back what another one excepts.
  return [...(crate.root === '.' ? OWN_IN_ROOT : OWN), ...sourcesElsewhere(crate)];
}

/** What takes from those what counts for tests only. */
export const EXCEPT_TESTS = OWN_OF_TESTS.map(exceptInProject);

// Once, not for every crate.
const EXCEPTED = NEVER_OWN.map(exceptInProject);
const OWN = [inProject('**'), ...EXCEPTED];
const OWN_IN_ROOT = [...[...IN_ROOT_PACKAGE, ...OWN_OF_TESTS].map(inProject), ...EXCEPTED];

/** Its Rust sources only. */
export function rustFileSets(crate: RustCrate): string[] {
  const wanted = crate.root === '.' ? ['*.rs', `{${ROOT_PACKAGE_FOLDERS.join(',')}}/**/*.rs`] : ['**/*.rs'];
  return [...wanted.map(inProject), `!${inProject('target/**')}`, ...sourcesElsewhere(crate)];
}

/** What dependants of these crates see of them, as file sets of the workspace: one for all that lie beside each other. */
export function dependencyFileSets(crates: readonly RustCrate[]): string[] {
  const beside = new Map<string, string[]>();
  const others: string[] = [];
  for (const { parent, name, fileSets } of crates.map(asDependency)) {
    if (fileSets.length > 0) others.push(...fileSets);
    if (name === undefined) continue;
    const names = beside.get(parent);
    if (names) names.push(name);
    else beside.set(parent, [name]);
  }
  const places = [...beside].map(([parent, names]) =>
    posix.join(parent, names.length === 1 ? (names[0] as string) : `{${names.join(',')}}`),
  );
  return [...places.sort().map((place) => inWorkspace(place, OF_DEPENDENCIES)), ...others];
}

interface AsDependency {
  parent: string;
  /** Where it can stand in a list of those beside it. */
  name: string | undefined;
  fileSets: string[];
}

/** Each crate is one for many. */
const known = new WeakMap<RustCrate, AsDependency>();

function asDependency(crate: RustCrate): AsDependency {
  const found = known.get(crate) ?? describeDependency(crate);
  known.set(crate, found);
  return found;
}

function describeDependency(crate: RustCrate): AsDependency {
  const { root } = crate;
  const parent = posix.dirname(root);
  if (root.startsWith('..')) return { parent, name: undefined, fileSets: [] };
  const fileSets = sourcesElsewhere(crate);
  const name = posix.basename(root);
  if (PLAIN_NAME.test(name)) return { parent, name, fileSets };
  return { parent, name: undefined, fileSets: [inWorkspace(root, OF_DEPENDENCIES), ...fileSets] };
}

/** Without what means something in a glob. The root folder is none. */
const PLAIN_NAME = /^[\w-][\w.-]*$/;

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

function exceptInProject(glob: string): string {
  return `!${inProject(glob)}`;
}

function inProject(glob: string): string {
  return `{projectRoot}/${asFiles(glob)}`;
}

/** Nx wants a name for the files of a folder. */
function asFiles(glob: string): string {
  return glob.endsWith('**') ? `${glob}/*` : glob;
}
