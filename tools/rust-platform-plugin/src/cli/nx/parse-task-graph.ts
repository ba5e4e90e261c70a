import type { PlannedTask, TaskPlan } from '../../results/task-plan';

/** The part of Nx's `--graph=file.json` that is read here. */
interface GraphFile {
  graph?: { nodes?: Record<string, { data?: { targets?: Record<string, { executor?: string }> } }> };
  tasks?: {
    tasks?: Record<string, GraphTask>;
    dependencies?: Record<string, Edge[]>;
    continuousDependencies?: Record<string, Edge[]>;
  };
}

interface GraphTask {
  id: string;
  target: { project: string; target: string };
  cache?: boolean;
  continuous?: boolean;
}

/** Objects since Nx 24. */
type Edge = string | { id: string };

/** Throws a plain error when the file is not what Nx 24 writes. */
export function parseTaskGraph(value: unknown): TaskPlan {
  const file = value as GraphFile | null;
  const graph = file?.tasks;
  if (!graph?.tasks || !graph.dependencies) throw new Error('the file of `nx --graph` has no task graph');
  const tasks = Object.values(graph.tasks).map((task): PlannedTask => ({
    id: task.id,
    project: task.target.project,
    target: task.target.target,
    executor: file?.graph?.nodes?.[task.target.project]?.data?.targets?.[task.target.target]?.executor,
    cache: task.cache ?? false,
    continuous: task.continuous ?? false,
    dependsOn: idsOf(graph.dependencies?.[task.id], graph.continuousDependencies?.[task.id]),
  }));
  return { tasks: orderTasks(tasks) };
}

function idsOf(...lists: Array<Edge[] | undefined>): string[] {
  const ids = lists
    .flatMap((edges) => edges ?? [])
    .map((edge) => (typeof edge === 'string' ? edge : edge.id));
  return [...new Set(ids)];
}

/** Dependencies first, otherwise in Nx's order; a cycle, which Nx refuses to run, keeps Nx's order. */
function orderTasks(tasks: readonly PlannedTask[]): PlannedTask[] {
  const known = new Map(tasks.map((task) => [task.id, task]));
  const ordered = new Map<string, PlannedTask>();
  const visiting = new Set<string>();
  const visit = (task: PlannedTask): void => {
    if (ordered.has(task.id) || visiting.has(task.id)) return;
    visiting.add(task.id);
    for (const id of task.dependsOn) {
      const dependency = known.get(id);
      if (dependency) visit(dependency);
    }
    ordered.set(task.id, task);
  };
  tasks.forEach(visit);
  return [...ordered.values()];
}
