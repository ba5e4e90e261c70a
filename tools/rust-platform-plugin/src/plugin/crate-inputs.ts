import type { TargetConfiguration } from '@nx/devkit';
import { posix } from 'node:path';
import type { PlatformOptions } from '../service-model/platform-options';
import type { RustCrate } from '../service-model/service-model';
import { foldersUpwards, inWorkspace } from './crate-files';
import type { CrateGraph } from './crate-graph';
import { keyVariable, runtimeKeyVariable, sourceKeyVariable } from './key-variables';

export type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** Inputs of each family of targets. `key`: what only `preTasksExecution` can tell; see key-variables.ts. */
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
  const { project, service } = crate;
  const build = unite(compiled(crate, graph.buildClosure(project)), key(project));
  const forTests = unite(compiled(crate, graph.testClosure(project)), key(project));
  const { run, runWithData } = runInputs(crate, graph, build);
  const needsCompose = service?.needs.some(({ kind }) => kind === 'compose') ?? false;
  return {
    build,
    run,
    test: unite(
      forTests,
      migrationsOf(crate),
      runtimeKey(project),
      upwards(crate.cargoRoot, ['.config/nextest.toml', '.cargo/nextest.toml']),
    ),
    clippy: unite(forTests, upwards(crate.root, ['clippy.toml', '.clippy.toml'])),
    rustfmt: unite(
      own(crate),
      toolchain(crate),
      sourceKey(project),
      upwards(crate.root, ['rustfmt.toml', '.rustfmt.toml']),
    ),
    audit: unite(lock(crate), upwards(crate.cargoRoot, ['.cargo/audit.toml']), [NO_PACKAGES]),
    testApi: unite(runWithData, httpFiles(crate), needsCompose ? compose(options) : []),
    bench: unite(runWithData, scenarios(crate)),
    migrations: unite(migrationsOf(crate), [NO_PACKAGES]),
    deps: unite(compose(options), [NO_PACKAGES]),
  };
}

/** The binaries of the service and of those it needs; with their migrations and what they read when they run. */
function runInputs(crate: RustCrate, graph: CrateGraph, build: Inputs): { run: Inputs; runWithData: Inputs } {
  const needed = graph.neededClosure(crate.project);
  const builds = needed.map((name) => compiled(graph.crate(name), graph.buildClosure(name)));
  const run = unite(build, ...builds, ...needed.map(key));
  const servers = [crate, ...needed.map(graph.crate)];
  const data = servers.flatMap((server) => [migrationsOf(server), runtimeKey(server.project)]);
  return { run, runWithData: unite(run, ...data) };
}

/** Each input once, in order. */
export function unite(...lists: Inputs[]): Inputs {
  const seen = new Map(
    lists.flat().map((input) => [typeof input === 'string' ? input : JSON.stringify(input), input]),
  );
  return [...seen.values()];
}

function own(crate: RustCrate): Inputs {
  return ['rust', inWorkspace(crate.cargoRoot, 'Cargo.toml')].filter((input) => !input.includes('/../'));
}

/** Everything that compiling a crate reads, by files. By name, since `^rust` fails for a project without that input. */
function compiled(crate: RustCrate, closure: string[]): Inputs {
  const projects = [crate.project, ...closure].sort();
  return [
    { input: 'rust', projects },
    ...toolchain(crate),
    ...lock(crate),
    ...upwards(crate.cargoRoot, ['.sqlx/**/*']).slice(0, 1),
  ];
}

function toolchain({ cargoRoot }: RustCrate): Inputs {
  return upwards(cargoRoot, ['rust-toolchain', 'rust-toolchain.toml', '.cargo/config', '.cargo/config.toml']);
}

function lock({ cargoRoot, lockFile }: RustCrate): Inputs {
  if (cargoRoot.startsWith('..')) return [];
  return [
    inWorkspace(cargoRoot, 'Cargo.toml'),
    inWorkspace('.', lockFile ?? posix.join(cargoRoot, 'Cargo.lock')),
  ];
}

function upwards(folder: string, names: string[]): string[] {
  return foldersUpwards(folder).flatMap((place) => names.map((name) => inWorkspace(place, name)));
}

function key(project: string): Inputs {
  return [NO_PACKAGES, { env: keyVariable(project) }];
}

function sourceKey(project: string): Inputs {
  return [NO_PACKAGES, { env: sourceKeyVariable(project) }];
}

function runtimeKey(project: string): Inputs {
  return [{ env: runtimeKeyVariable(project) }];
}

/** As a file set of the workspace: one of the project would be undone by the exceptions of `rust` (measured). */
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
