import type { TargetConfiguration } from '@nx/devkit';
import { posix } from 'node:path';
import type { PlatformOptions } from '../service-model/platform-options';
import type { RustCrate } from '../service-model/service-model';
import {
  dependencyFileSets,
  EXCEPT_TESTS,
  foldersUpwards,
  inWorkspace,
  ownFileSets,
  rustFileSets,
} from './crate-files';
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
  /** Of a service only. */
  service?: ServiceInputs;
}

export interface ServiceInputs {
  /** Of everything that runs the service: its build, and that of the services it needs. */
  run: Inputs;
  testApi: Inputs;
  bench: Inputs;
  migrations: Inputs;
  deps: Inputs;
}

/**
 * File sets and keys by name, since several targets share them: Nx carries every word of a target from process to process, writes
 * it into each graph, and keeps a record of where each entry of its inputs came from.
 */
export function namedInputsOf(crate: RustCrate, graph: CrateGraph): NamedInputs {
  const { project, root, cargoRoot } = crate;
  const build = graph.buildClosure(project);
  const withTests = graph.testClosure(project);
  const built = new Set(build);
  const ofTestsOnly = withTests === build ? [] : withTests.filter((name) => !built.has(name));
  const tested = ['rust', 'rust-dependencies', ...dependencies(ofTestsOnly, graph), 'rust-toolchain'];
  const key = (family: KeyFamily): Inputs => [NO_PACKAGES, keyInput(project, family)];
  return {
    rust: ownFileSets(crate),
    'rust-dependencies': dependencies(build, graph),
    'rust-toolchain': toolchain(crate),
    [BUILD]: ['rust', ...EXCEPT_TESTS, 'rust-dependencies', 'rust-toolchain', ...key('build')],
    [TEST]: [
      ...tested,
      ...upwards(cargoRoot, ['.config/nextest.toml', '.cargo/nextest.toml']),
      ...key('test'),
    ],
    [LINT]: [...tested, ...upwards(root, ['clippy.toml', '.clippy.toml']), ...key('clippy')],
    [FORMAT]: [
      ...rustFileSets(crate),
      'rust-toolchain',
      ...upwards(root, ['rustfmt.toml', '.rustfmt.toml']),
      ...key('rustfmt'),
    ],
    [AUDIT]: [...upwards(cargoRoot, ['.cargo/audit.toml']), NO_PACKAGES],
  };
}

export type NamedInputs = Record<string, Inputs>;

const BUILD = 'rust-build';
const TEST = 'rust-test';
const LINT = 'rust-lint';
const FORMAT = 'rust-format';
const AUDIT = 'rust-audit';

/** Nothing of npm is an input of a Rust task, and the plugin's own version is part of the key. */
const NO_PACKAGES = { externalDependencies: [] };

/** Each with everything that its names stand for; what is left of that in a target is decided at last, see shortenInputs. */
export function crateInputs(crate: RustCrate, graph: CrateGraph, options: PlatformOptions): CrateInputs {
  const { project } = crate;
  const build = [BUILD, ...key(project, 'build')];
  return {
    build,
    test: [TEST, ...(crate.testNeeds.length > 0 ? migrationsOf(crate) : []), ...key(project, 'test')],
    clippy: [LINT, ...key(project, 'clippy')],
    rustfmt: [FORMAT, ...key(project, 'rustfmt')],
    audit: [AUDIT, NO_PACKAGES, SELECTION_INPUT],
    service: crate.service && serviceInputs(crate, build, graph, options),
  };
}

function serviceInputs(
  crate: RustCrate,
  build: Inputs,
  graph: CrateGraph,
  options: PlatformOptions,
): ServiceInputs {
  const run = unite(build, ...graph.neededClosure(crate.project).map((name) => needed(name, graph)));
  const runWithData = unite(run, ...served(crate, graph).map(migrationsOf));
  return {
    run,
    testApi: unite(runWithData, httpFiles(crate), key(crate.project, 'api')),
    bench: unite(runWithData, scenarios(crate)),
    migrations: unite(migrationsOf(crate), [NO_PACKAGES]),
    deps: unite(compose(options), [NO_PACKAGES]),
  };
}

/** Leaves out of the inputs of a target what one of the names in them stands for. */
export function shortenInputs(named: NamedInputs): (inputs: Inputs) => Inputs {
  const keysOf = new Map(
    Object.entries(named).map(([name, entries]) => [
      name,
      entries.filter((entry) => typeof entry === 'object').map(identityOf),
    ]),
  );
  return (inputs) => {
    const covered = inputs.flatMap((input) => (typeof input === 'string' ? (keysOf.get(input) ?? []) : []));
    return inputs.filter((input) => typeof input === 'string' || !covered.includes(identityOf(input)));
  };
}

/** Each input once, in order. */
export function unite(...lists: Inputs[]): Inputs {
  const seen = new Map<string, Inputs[number]>();
  for (const list of lists) for (const input of list) seen.set(identityOf(input), input);
  return [...seen.values()];
}

function identityOf(input: Inputs[number]): string {
  if (typeof input === 'string') return input;
  return 'env' in input ? `env ${input.env}` : JSON.stringify(input);
}

/** As file sets of the workspace: an input of another project would bring the configuration of its targets with it. */
function dependencies(closure: readonly string[], graph: CrateGraph): string[] {
  return dependencyFileSets(closure.map(graph.crate));
}

/** The build of a service that another one needs. */
function needed(project: string, graph: CrateGraph): Inputs {
  const closure = [project, ...graph.buildClosure(project)];
  return unite(dependencies(closure, graph), toolchain(graph.crate(project)), key(project, 'build'));
}

function served(crate: RustCrate, graph: CrateGraph): RustCrate[] {
  return [crate, ...graph.neededClosure(crate.project).map(graph.crate)];
}

function toolchain({ cargoRoot }: RustCrate): string[] {
  return upwards(cargoRoot, ['rust-toolchain', 'rust-toolchain.toml']);
}

function upwards(folder: string, names: string[]): string[] {
  return foldersUpwards(folder).flatMap((place) => names.map((name) => inWorkspace(place, name)));
}

function key(project: string, family: KeyFamily): Inputs {
  return [NO_PACKAGES, keyInput(project, family), SELECTION_INPUT];
}

function keyInput(project: string, family: KeyFamily): Inputs[number] {
  return { env: keyVariable(project, family) };
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
