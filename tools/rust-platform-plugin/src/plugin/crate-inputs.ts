import type { TargetConfiguration } from '@nx/devkit';
import { posix } from 'node:path';
import type { PlatformOptions } from '../service-model/platform-options';
import type { RustCrate } from '../service-model/service-model';
import { dependencyFileSets, foldersUpwards, inWorkspace, ownFileSets, rustFileSets } from './crate-files';
import type { CrateGraph } from './crate-graph';
import { keyVariable, type KeyFamily } from './key-variables';
import { SELECTION_INPUT } from './selection/selection-input';

export type Inputs = NonNullable<TargetConfiguration['inputs']>;

/**
 * Inputs of each family of targets. The key (see key-variables.ts) holds everything that counts; the file sets, which hold
 * nothing beyond it, let `nx affected` see which crates a changed file belongs to.
 */
export interface CrateInputs {
  build: Inputs;
  test: Inputs;
  clippy: Inputs;
  rustfmt: Inputs;
  audit: Inputs;
  /** Of everything that runs the service: its build, and that of the services it needs. */
  run: Inputs;
  testApi: Inputs;
  bench: Inputs;
  migrations: Inputs;
  deps: Inputs;
}

/** Nothing of npm is an input of a Rust task, and the plugin's own version is part of the key. */
const NO_PACKAGES = { externalDependencies: [] };

export function crateInputs(crate: RustCrate, graph: CrateGraph, options: PlatformOptions): CrateInputs {
  const { project, cargoRoot, root } = crate;
  const build = unite(compiled(crate, graph), key(project, 'build'));
  const withTests = unite(
    ownFileSets(crate, 'test'),
    dependencies(graph.testClosure(project), graph),
    toolchain(crate),
  );
  const run = unite(build, ...graph.neededClosure(project).map((name) => needed(name, graph)));
  const runWithData = unite(run, ...served(crate, graph).map(migrationsOf));
  return {
    build,
    run,
    test: unite(
      withTests,
      crate.testNeeds.length > 0 ? migrationsOf(crate) : [],
      upwards(cargoRoot, ['.config/nextest.toml', '.cargo/nextest.toml']),
      key(project, 'test'),
    ),
    clippy: unite(withTests, upwards(root, ['clippy.toml', '.clippy.toml']), key(project, 'clippy')),
    rustfmt: unite(
      rustFileSets(crate),
      toolchain(crate),
      upwards(root, ['rustfmt.toml', '.rustfmt.toml']),
      key(project, 'rustfmt'),
    ),
    audit: unite(upwards(cargoRoot, ['.cargo/audit.toml']), [NO_PACKAGES, SELECTION_INPUT]),
    testApi: unite(runWithData, httpFiles(crate), key(project, 'api')),
    bench: unite(runWithData, scenarios(crate)),
    migrations: unite(migrationsOf(crate), [NO_PACKAGES]),
    deps: unite(compose(options), [NO_PACKAGES]),
  };
}

/** Each input once, in order. */
export function unite(...lists: Inputs[]): Inputs {
  const seen = new Map(
    lists.flat().map((input) => [typeof input === 'string' ? input : JSON.stringify(input), input]),
  );
  return [...seen.values()];
}

function compiled(crate: RustCrate, graph: CrateGraph): Inputs {
  const own = ownFileSets(crate, 'compile');
  return unite(own, dependencies(graph.buildClosure(crate.project), graph), toolchain(crate));
}

/** As file sets of the workspace: an input of another project would bring the configuration of its targets with it. */
function dependencies(closure: string[], graph: CrateGraph): Inputs {
  return closure.flatMap((name) => dependencyFileSets(graph.crate(name)));
}

/** The build of a service that another one needs. */
function needed(project: string, graph: CrateGraph): Inputs {
  const closure = [project, ...graph.buildClosure(project)];
  return unite(dependencies(closure, graph), toolchain(graph.crate(project)), key(project, 'build'));
}

function served(crate: RustCrate, graph: CrateGraph): RustCrate[] {
  return [crate, ...graph.neededClosure(crate.project).map(graph.crate)];
}

function toolchain({ cargoRoot }: RustCrate): Inputs {
  return upwards(cargoRoot, ['rust-toolchain', 'rust-toolchain.toml']);
}

function upwards(folder: string, names: string[]): string[] {
  return foldersUpwards(folder).flatMap((place) => names.map((name) => inWorkspace(place, name)));
}

function key(project: string, family: KeyFamily): Inputs {
  return [NO_PACKAGES, { env: keyVariable(project, family) }, SELECTION_INPUT];
}

/** As a file set of the workspace: one of the project would be undone by the exceptions of the others (measured). */
function httpFiles({ root, service }: RustCrate): Inputs {
  const folders = new Set(service?.apiTests.map((file) => posix.dirname(file)));
  return [inWorkspace(root, 'api/**/*'), ...[...folders].map((folder) => inWorkspace(folder, '**/*'))];
}

function scenarios({ root, service }: RustCrate): Inputs {
  return [
    inWorkspace(root, 'bench/**/*'),
    ...(service?.scenarios ? [inWorkspace('.', service.scenarios)] : []),
  ];
}

function migrationsOf({ service }: RustCrate): Inputs {
  return service?.migrations ? [inWorkspace(service.migrations, '**/*')] : [];
}

function compose({ composeFile }: PlatformOptions): Inputs {
  return [inWorkspace('.', composeFile)];
}
