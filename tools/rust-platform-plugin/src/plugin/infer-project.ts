import type { ProjectConfiguration } from '@nx/devkit';
import type { PlatformOptions } from '../service-model/platform-options';
import { urlVariable } from '../service-model/service-environment';
import type { Need, RustCrate, RustService } from '../service-model/service-model';
import type { CrateGraph } from './crate-graph';
import { namedInputsOf, shortenInputs, type NamedInputs } from './crate-inputs';
import { GUARD, guardTarget, type Guard } from './selection/guards';
import { selectTargets } from './selection/select-targets';
import type { Selection } from './selection/selection';
import { enginesOf, targetParts, type Targets } from './target-parts';
import { apiTestTargets } from './targets/api-test-targets';
import { benchTargets } from './targets/bench-targets';
import { cargoTargets } from './targets/cargo-targets';
import { databaseTargets } from './targets/database-targets';
import { lintTargets } from './targets/lint-targets';
import { serviceTargets } from './targets/service-targets';
import { workflowTargets } from './targets/workflow-targets';

const GROUPS: Record<string, string[]> = {
  run: ['deps', 'serve'],
  build: ['build'],
  test: ['test', 'test-api', 'test-api-live'],
  quality: ['check', 'clippy', 'rustfmt', 'audit', 'lint-rust'],
  bench: ['bench', 'testing-bench'],
  database: ['db-migrate'],
  workflows: ['testing'],
  affected: [GUARD],
};

export interface Inference {
  graph: CrateGraph;
  options: PlatformOptions;
  selection: Selection;
  /** By root folder of the Cargo workspace. */
  guards: ReadonlyMap<string, Guard>;
}

/** The Nx project of a crate. */
export function inferProject(crate: RustCrate, inference: Inference): ProjectConfiguration {
  const { graph, options } = inference;
  const parts = targetParts(crate, graph, options);
  const base: Targets = {
    ...serviceTargets(parts),
    ...cargoTargets(parts),
    ...databaseTargets(parts),
    ...apiTestTargets(parts),
    ...benchTargets(parts),
    ...lintTargets(parts),
  };
  const namedInputs = namedInputsOf(crate, graph);
  const whole = selectable({ ...base, ...workflowTargets(parts, base) }, crate, inference);
  const targets = shortened(whole, namedInputs);
  return {
    name: crate.project,
    root: crate.root,
    sourceRoot: crate.root === '.' ? 'src' : `${crate.root}/src`,
    projectType: crate.binaries.length > 0 ? 'application' : 'library',
    namedInputs,
    targets,
    metadata: {
      description: describe(crate),
      technologies: ['rust', ...enginesOf(crate)],
      targetGroups: groupsOf(targets),
      rustPlatform: factsOf(crate),
    },
  };
}

/** What `nx affected` selects beyond changed sources is no matter of the families of targets. */
function selectable(targets: Targets, crate: RustCrate, { selection, guards, options }: Inference): Targets {
  const guard = guards.get(crate.cargoRoot);
  if (!guard) return targets;
  const selected = selectTargets(targets, { crate, guard, selection });
  if (guard.project !== crate.project) return selected;
  return { ...selected, [GUARD]: guardTarget(guard, selection, options) };
}

function shortened(targets: Targets, named: NamedInputs): Targets {
  const shorten = shortenInputs(named);
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      target.inputs ? { ...target, inputs: shorten(target.inputs) } : target,
    ]),
  );
}

function groupsOf(targets: Targets): Record<string, string[]> {
  const groups = Object.entries(GROUPS).map(
    ([name, members]) => [name, members.filter((member) => member in targets)] as const,
  );
  return Object.fromEntries(groups.filter(([, members]) => members.length > 0));
}

function describe({ description, service, packageName }: RustCrate): string {
  if (!service) return description ?? `Rust crate ${packageName}`;
  const needs = service.needs.map(nameOf).join(', ');
  const facts = `port ${service.port}, ${needs ? `needs ${needs}` : 'needs nothing'}`;
  return `${description ?? `Rust service ${packageName}`} (${facts})`;
}

/** What the platform knows, for `nx show project`: Nx hashes no metadata. */
function factsOf({ service, packageName, cargoRoot, testNeeds }: RustCrate): Record<string, unknown> {
  const facts = { package: packageName, cargoWorkspace: cargoRoot, testNeeds };
  return service ? { ...facts, service: serviceFacts(service) } : facts;
}

function serviceFacts(service: RustService): Record<string, unknown> {
  const { needs, env, port, portSource, health, ...rest } = service;
  return {
    ...rest,
    port: `${port} (${PORT_SOURCES[portSource]})`,
    health,
    needs: needs.map(nameOf),
    environment: {
      precedence: 'shell, .env of the service, .env of the workspace, these',
      variables: ['HOST', 'PORT', 'RUST_LOG', ...needs.map(variableOf)],
      mapped: env,
    },
  };
}

const PORT_SOURCES = { metadata: 'Cargo.toml', options: 'nx.json', name: 'by its name' };

function nameOf(need: Need): string {
  if (need.kind === 'service') return need.project;
  return need.kind === 'compose' ? need.service : need.kind;
}

function variableOf(need: Need): string {
  if (need.kind === 'postgres') return 'DATABASE_URL';
  return need.kind === 'redis' ? 'REDIS_URL' : urlVariable(nameOf(need));
}
