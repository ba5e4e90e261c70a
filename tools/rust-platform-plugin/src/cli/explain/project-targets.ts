import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export interface TargetFacts {
  executor?: string;
  cache: boolean;
  /** Of a sum: the targets that it adds up, those of them that the project has. */
  steps?: string[];
}

/** Project → target → what Nx knew of it when it last computed its graph. */
export type ProjectTargets = Map<string, Map<string, TargetFacts>>;

interface GraphNode {
  data?: { targets?: Record<string, { executor?: string; cache?: boolean; options?: { steps?: unknown } }> };
}

/** From the file that Nx leaves, so without loading Nx; empty when there is none. */
export async function readProjectTargets(
  workspaceRoot: string,
  env: NodeJS.ProcessEnv,
): Promise<ProjectTargets> {
  const folder = env['NX_WORKSPACE_DATA_DIRECTORY'] ?? join('.nx', 'workspace-data');
  const file = join(resolve(workspaceRoot, folder), 'project-graph.json');
  try {
    const { nodes = {} } = JSON.parse(await readFile(file, 'utf8')) as { nodes?: Record<string, GraphNode> };
    return new Map(Object.entries(nodes).map(([name, node]) => [name, targetsOf(node)]));
  } catch {
    return new Map();
  }
}

function targetsOf({ data }: GraphNode): Map<string, TargetFacts> {
  const targets = Object.entries(data?.targets ?? {});
  const names = new Set(targets.map(([name]) => name));
  return new Map(
    targets.map(([name, { executor, cache, options }]) => {
      const steps = Array.isArray(options?.steps) ? options.steps.map(String) : undefined;
      const own = steps?.filter((step) => names.has(step) && step !== name);
      return [name, { executor, cache: cache ?? false, ...(own ? { steps: own } : {}) }];
    }),
  );
}
