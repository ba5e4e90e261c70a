import { posix } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';
import { LEARNED_INPUTS_FILE } from '../../cargo/learned-inputs';
import type { PlatformOptions } from '../../service-model/platform-options';
import type { RustCrate, ServiceModel } from '../../service-model/service-model';
import { inWorkspace } from '../crate-files';
import type { Selection } from './selection';

/** Name of the target that stands for the Cargo files of a workspace. */
export const GUARD = 'cargo-selection';

export interface Guard {
  /** Folder of the crate whose project has the target: the root package, else the first member. */
  root: string;
  project: string;
  /** File sets that touch it. */
  inputs: string[];
  /** The same for lock and manifests, in two words. */
  coarseInputs: string[];
}

/** More are named by their folder: Nx compares each with every changed file. */
const MOST_FILES = 200;

/** One per Cargo workspace, by its root folder. `beyond`: other files that some key reads. */
export function guardsOf({ crates }: ServiceModel, beyond: readonly string[]): Map<string, Guard> {
  const roots = [...new Set(crates.map((crate) => crate.cargoRoot))];
  return new Map(
    roots.map((root) => [
      root,
      guardOf(
        root,
        crates.filter((crate) => crate.cargoRoot === root),
        beyond,
      ),
    ]),
  );
}

function guardOf(cargoRoot: string, members: readonly RustCrate[], beyond: readonly string[]): Guard {
  const home = members.find(({ root }) => root === cargoRoot) ?? (members[0] as RustCrate);
  const lock = home.lockFile ?? posix.join(cargoRoot, 'Cargo.lock');
  const elsewhere = members.flatMap(({ repositoryPathDependencies = [] }) => repositoryPathDependencies);
  const files = [
    lock,
    posix.join(cargoRoot, 'Cargo.toml'),
    ...members.map(({ manifest }) => manifest),
    ...elsewhere.map((folder) => `${folder}/**/*`),
    LEARNED_INPUTS_FILE,
    ...fewer(beyond),
  ];
  return {
    root: home.root,
    project: home.project,
    inputs: fileSets(files),
    coarseInputs: fileSets([lock, posix.join(cargoRoot, '**/Cargo.toml')]),
  };
}

/** Nx sees nothing outside its workspace. */
function fileSets(files: string[]): string[] {
  const inside = files.filter((file) => !file.startsWith('..'));
  return [...new Set(inside.map((file) => inWorkspace('.', file)))];
}

/**
 * A task that does nothing. Nx selects what depends on it when one of its inputs has changed; nobody else runs it. It has an
 * output, which is never written, since only outputs carry a change on.
 */
export function guardTarget(
  guard: Guard,
  selection: Selection,
  options: PlatformOptions,
): TargetConfiguration {
  return {
    executor: 'nx:noop',
    cache: false,
    // By projects Nx would take every input for one of the whole project.
    inputs: [...(isExactByProject(selection) ? [] : guard.inputs), { externalDependencies: [] }],
    outputs: [`{workspaceRoot}/${options.stateDirectory}/rust-platform-selection`],
    metadata: {
      description: `Does nothing itself: lets \`nx affected\` select crates by Cargo.lock, manifests and files elsewhere. ${inThisRun(selection)}`,
      technologies: ['rust'],
      help: { command: `npx nx run ${guard.project}:${GUARD} --help`, example: {} },
    },
  };
}

/** Where the project has another name in a project.json, its folder is the same. */
export function guardDependency({ root }: Guard): { projects: string[]; target: string } {
  return { projects: [`directory:${root}`], target: GUARD };
}

function isExactByProject(selection: Selection): boolean {
  return selection.kind === 'exact' && selection.byProject;
}

function inThisRun(selection: Selection): string {
  if (selection.kind === 'none') return 'In this run no target depends on it.';
  if (selection.kind === 'all') {
    return `Here every target of a crate depends on it, so that a change of one of these files selects all: ${selection.why}.`;
  }
  const { size } = selection.variables;
  return size === 0
    ? 'Compared with the base no key has changed.'
    : `Compared with the base ${size} keys have changed.`;
}

function fewer(files: readonly string[]): string[] {
  if (files.length <= MOST_FILES) return [...files];
  return [...new Set(files.map((file) => posix.join(posix.dirname(file), '*')))];
}
