import { join } from 'node:path';
import { cCompilerIdentity } from '../../cargo/c-compiler-identity';
import type { Ingredient } from '../../results/key-record';
import type { RustCrate } from '../../service-model/service-model';
import type { CrateGraph } from '../crate-graph';
import type { KeyFamily } from '../key-variables';
import { ApiParts } from './api-parts';
import { CompileParts } from './compile-parts';
import { ComposeServices } from './compose-file';
import { CrateKeys } from './crate-keys';
import type { KeyParts } from './key-parts';
import type { KeyWorld } from './key-world';
import { RunParts } from './run-parts';
import { serverFact, type Server } from './server-facts';
import { UnverifiedReasons } from './unverified';
import { WorkspaceParts } from './workspace-parts';

/** For each family the parts that the key of a crate is made of. */
export type Families = Record<KeyFamily, (crate: RustCrate) => string[]>;

/** Asks once for what is the same for all crates, then tells the parts of each. */
export async function openFamilies(world: KeyWorld, parts: KeyParts, graph: CrateGraph): Promise<Families> {
  const { workspaceRoot, declared, env, options } = world;
  const asksGit = [...declared.values()].some(({ git }) => git);
  const compose = new ComposeServices(join(workspaceRoot, options.composeFile), env);
  const [workspaces, git, servers, cCompiler] = await Promise.all([
    openWorkspaces(world, parts),
    asksGit ? askGit(workspaceRoot, env) : '',
    serverFacts(world, compose),
    compilesC(world) ? cCompilerIdentity({ workspaceRoot, env }) : '',
  ]);
  const compile = new CompileParts(world, parts, git);
  const run = new RunParts(world, parts);
  const reasons = new UnverifiedReasons(world);
  const api = new ApiParts(world, parts, servers, compose);
  const crates = new CrateKeys(world, parts, { workspaces, compile, run, reasons, cCompiler });
  const builtCrates = (crate: RustCrate) => [crate, ...world.closure(crate, 'build').scanned];
  return {
    build: (crate) => crates.build(crate),
    clippy: (crate) => crates.clippy(crate),
    rustfmt: (crate) => crates.rustfmt(crate),
    test: (crate) => [
      ...crates.test(crate),
      ...(crate.testNeeds.length > 0 ? [...api.migrations(crate), ...api.serversOf(crate.testNeeds)] : []),
    ],
    api: (crate) => {
      const served = [crate, ...graph.neededClosure(crate.project).map(graph.crate)];
      return [
        ...served.flatMap((one) => [
          ...crates.built(one),
          ...run.environment(builtCrates(one)),
          ...run.dotenv(one),
          ...api.service(one),
          ...api.migrations(one),
          ...api.composed(one),
          ...api.serversOf(serversOf(one)),
        ]),
        ...api.requests(crate),
        ...(api.readsEnvironment(crate) ? run.everything() : []),
      ];
    },
  };
}

/** Loaded only here: starting processes needs modules that most runs do not. */
function askGit(workspaceRoot: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { gitState } = require('../../cargo/scan/git-state') as typeof import('../../cargo/scan/git-state');
  return gitState(workspaceRoot, env);
}

function compilesC({ cargo, declared }: KeyWorld): boolean {
  return (
    [...cargo.members.values()].some((member) => member.compilesC?.test) ||
    [...declared.values()].some((found) => found.cCompiler)
  );
}

async function openWorkspaces(world: KeyWorld, parts: KeyParts): Promise<Map<string, WorkspaceParts>> {
  const roots = new Set(world.model.crates.map(({ cargoRoot }) => cargoRoot));
  const opened = await Promise.all([...roots].map((root) => WorkspaceParts.open(world, parts, root)));
  return new Map([...roots].map((root, index) => [root, opened[index] as WorkspaceParts]));
}

async function serverFacts(world: KeyWorld, compose: ComposeServices): Promise<Map<Server, Ingredient>> {
  const kinds = new Set(world.model.crates.flatMap((crate) => [...crate.testNeeds, ...serversOf(crate)]));
  const facts = await Promise.all([...kinds].map((kind) => serverFact(kind, world, compose)));
  return new Map([...kinds].map((kind, index) => [kind, facts[index] as Ingredient]));
}

function serversOf({ service }: RustCrate): Server[] {
  return (service?.needs ?? []).flatMap((need) =>
    need.kind === 'postgres' || need.kind === 'redis' ? [need.kind] : [],
  );
}
