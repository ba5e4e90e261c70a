import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ScanCache } from '../../cargo/scan/scan-cache';
import type { RustCrate, ServiceModel } from '../../service-model/service-model';
import { crateGraph } from '../crate-graph';
import { keyVariable, runtimeKeyVariable, sourceKeyVariable } from '../key-variables';
import { crateFacts, messageOf, unknownFacts, type CrateFacts } from './crate-facts';
import { digest } from './digest';
import { DotenvReader } from './dotenv-variables';
import { workspaceFacts } from './workspace-facts';

export interface TaskKeys {
  /** Variables that the inputs of the cached targets name. */
  variables: Record<string, string>;
  /** Crates whose tasks run uncached this time, and why. */
  uncached: Array<{ project: string; reasons: string[] }>;
}

/**
 * The part of every cache key that no file set tells: tools, environment, settings outside the repository, files that
 * sources include. Coarse, but never the same for two different results. What cannot be told gets a key of its own.
 */
export async function computeTaskKeys(request: {
  workspaceRoot: string;
  model: ServiceModel;
  env: NodeJS.ProcessEnv;
}): Promise<TaskKeys> {
  const { workspaceRoot, model, env } = request;
  const facts = factsOfAll(request);
  const shared = new Map<string, string>();
  for (const cargoRoot of new Set(model.crates.map((crate) => crate.cargoRoot))) {
    const place = { workspaceRoot, cargoRoot: join(workspaceRoot, cargoRoot), env };
    shared.set(cargoRoot, await workspaceFacts(place));
  }
  const graph = crateGraph(model);
  const entries: Array<[string, string]> = [];
  const uncached: TaskKeys['uncached'] = [];
  for (const crate of model.crates) {
    const closure = [crate.project, ...graph.testClosure(crate.project)];
    const reasons = reasonsAgainst(crate, closure, facts, request);
    if (reasons.length > 0) uncached.push({ project: crate.project, reasons });
    const compile = closure.map((project) => facts.get(project)?.compile);
    const run = closure.map((project) => facts.get(project)?.run);
    const others = closure.map((project) => shared.get(graph.crate(project).cargoRoot));
    entries.push(
      [keyVariable(crate.project), digest([others, compile, reasons.length > 0 ? randomUUID() : null])],
      [sourceKeyVariable(crate.project), digest([others[0], compile[0]])],
      [runtimeKeyVariable(crate.project), digest(run)],
    );
  }
  return { variables: joinEqualNames(entries), uncached };
}

/** When not even that much can be told: every task runs, and says why. */
export function unknownKeys({ crates }: ServiceModel, error: unknown): TaskKeys {
  const reasons = [`the cache keys could not be computed: ${messageOf(error)}`];
  const entries = crates.flatMap(({ project }) =>
    [keyVariable, sourceKeyVariable, runtimeKeyVariable].map((name): [string, string] => [
      name(project),
      digest(randomUUID()),
    ]),
  );
  return {
    variables: joinEqualNames(entries),
    uncached: crates.map(({ project }) => ({ project, reasons })),
  };
}

function factsOfAll({
  workspaceRoot,
  model,
  env,
}: Parameters<typeof computeTaskKeys>[0]): Map<string, CrateFacts> {
  const cache = ScanCache.open(workspaceRoot, env);
  const dotenv = new DotenvReader(workspaceRoot, env);
  const roots = new Set(model.crates.map(({ root }) => join(workspaceRoot, root)));
  const facts = new Map(
    model.crates.map((crate) => {
      try {
        return [crate.project, crateFacts({ workspaceRoot, crate, roots, env, cache, dotenv })];
      } catch (error) {
        // One crate must not stop every task of the repository.
        return [crate.project, unknownFacts(crate, error)];
      }
    }),
  );
  cache.save();
  return facts;
}

function reasonsAgainst(
  crate: RustCrate,
  closure: string[],
  facts: Map<string, CrateFacts>,
  { workspaceRoot }: { workspaceRoot: string },
): string[] {
  const all = closure.flatMap((project) => facts.get(project) ?? []);
  const reasons = all.flatMap(({ unknowable }) => unknowable);
  if (crate.lockFile === undefined) reasons.push(`${join(crate.cargoRoot, 'Cargo.lock')} does not exist`);
  // Nx gives a task the `.env` files of its own project; sqlx itself reads that of the crate which it compiles.
  const own = facts.get(crate.project);
  const isLive = all.some(
    ({ queries, database, offline }) => queries && (database || own?.database) && !(offline || own?.offline),
  );
  const hasData = [crate.root, crate.cargoRoot].some((folder) =>
    existsSync(join(workspaceRoot, folder, '.sqlx')),
  );
  if (isLive && !hasData) {
    reasons.push('sqlx checks its queries against DATABASE_URL while it compiles: run cargo sqlx prepare');
  }
  return [...new Set(reasons)];
}

/** Two projects whose names differ only in punctuation share a variable; then it must tell of both. */
function joinEqualNames(entries: Array<[string, string]>): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of entries)
    variables[name] = variables[name] ? digest([variables[name], value]) : value;
  return variables;
}
