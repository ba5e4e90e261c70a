import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ProjectGraph } from '@nx/devkit';

/**
 * The project graph that Nx has just written, as text. `readCachedProjectGraph` of the devkit reads the same file, but
 * loading the devkit takes longer than the whole hook may (0.2 to 0.5 s). `undefined`: Nx was told not to keep it.
 */
export function readGraphText(workspaceRoot: string, env: NodeJS.ProcessEnv): string | undefined {
  const folder = env['NX_WORKSPACE_DATA_DIRECTORY'] ?? join('.nx', 'workspace-data');
  try {
    return readFileSync(join(resolve(workspaceRoot, folder), 'project-graph.json'), 'utf8');
  } catch {
    return undefined;
  }
}

export type ReadGraph = Pick<ProjectGraph, 'nodes' | 'dependencies'>;

export function parseGraph(text: string): ReadGraph | undefined {
  const graph = JSON.parse(text) as Partial<ReadGraph>;
  return graph.nodes && graph.dependencies
    ? { nodes: graph.nodes, dependencies: graph.dependencies }
    : undefined;
}

/**
 * Prints from a hook. Nx reads what a plugin worker writes to its output through a pipe and may end before it has read it
 * (measured: one text in five was lost); the log of the worker goes over its socket, before the answer of the hook.
 */
export function printFromHook(text: string): void {
  const file = Object.keys(require.cache).find((name) => WORKER_LOG.test(name));
  const { emitPluginWorkerLog: emit } = (file ? require.cache[file]?.exports : {}) as WorkerLog;
  if (emit) emit('log', text.replace(/\n$/, ''));
  else process.stdout.write(text);
}

const WORKER_LOG = /[\\/]isolation[\\/]worker-streaming\.js$/;

interface WorkerLog {
  emitPluginWorkerLog?(level: 'log' | 'error', message: string): void;
}
