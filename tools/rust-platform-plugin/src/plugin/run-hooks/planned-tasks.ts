import type { ProjectGraphProjectNode, TargetConfiguration, TargetDependencyConfig } from '@nx/devkit';
import { minimatch } from 'minimatch';
import type { ReadGraph } from '../nx-internals';
import type { NxCommand } from './nx-command';

export interface PlannedTarget {
  project: string;
  target: string;
  configuration: TargetConfiguration;
}

export interface Plan {
  /** What the command line names. */
  asked: PlannedTarget[];
  /** With everything that it depends on. */
  all: PlannedTarget[];
}

/**
 * The targets that a command will run. For `affected`, which is not computed here, every project counts: the answer can
 * hold more than Nx runs, never less.
 */
export function planTasks(command: NxCommand, graph: ReadGraph): Plan {
  const asked = selectProjects(command, graph).flatMap((project) =>
    command.targets.flatMap((target) => planned(graph, project, target)),
  );
  const all = new Map<string, PlannedTarget>();
  const queue = [...asked];
  for (let task = queue.pop(); task; task = queue.pop()) {
    const id = `${task.project}:${task.target}`;
    if (all.has(id)) continue;
    all.set(id, task);
    queue.push(...dependencies(task, graph));
  }
  return { asked, all: [...all.values()] };
}

export function isOurs({ configuration }: PlannedTarget): boolean {
  return configuration.executor?.startsWith('rust-platform-plugin:') ?? false;
}

function selectProjects({ projects, exclude }: NxCommand, { nodes }: ReadGraph): string[] {
  const all = Object.values(nodes);
  const wanted = projects?.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = [
    ...exclude,
    ...(projects ?? []).flatMap((pattern) => (pattern.startsWith('!') ? [pattern.slice(1)] : [])),
  ];
  return all
    .filter(
      (node) =>
        wanted === undefined || wanted.length === 0 || wanted.some((pattern) => matches(pattern, node)),
    )
    .filter((node) => !unwanted.some((pattern) => matches(pattern, node)))
    .map(({ name }) => name);
}

function matches(pattern: string, { name, data }: ProjectGraphProjectNode): boolean {
  if (pattern.startsWith('tag:'))
    return (data.tags ?? []).some((tag) => minimatch(tag, pattern.slice('tag:'.length)));
  return minimatch(name, pattern) || minimatch(data.root, pattern.replace(/^directory:|\/$/g, ''));
}

function planned({ nodes }: ReadGraph, project: string, target: string): PlannedTarget[] {
  const configuration = nodes[project]?.data.targets?.[target];
  return configuration ? [{ project, target, configuration }] : [];
}

function dependencies({ project, configuration }: PlannedTarget, graph: ReadGraph): PlannedTarget[] {
  return (configuration.dependsOn ?? []).flatMap((entry) => {
    const { target, of } = normalize(entry, project, graph);
    return of.flatMap((name) => planned(graph, name, target));
  });
}

function normalize(
  entry: string | TargetDependencyConfig,
  project: string,
  graph: ReadGraph,
): { target: string; of: string[] } {
  const upstream = () => reachable(project, graph);
  if (typeof entry === 'string') {
    if (entry.startsWith('^')) return { target: entry.slice(1), of: upstream() };
    const [first = '', second] = entry.split(':');
    return second === undefined ? { target: first, of: [project] } : { target: second, of: [first] };
  }
  const { target, dependencies: isUpstream, projects } = entry;
  if (isUpstream) return { target, of: upstream() };
  if (projects === undefined)
    return { target: target.replace(/^\^/, ''), of: target.startsWith('^') ? upstream() : [project] };
  const patterns = typeof projects === 'string' ? [projects] : projects;
  return {
    target,
    of: Object.values(graph.nodes)
      .filter((node) => patterns.some((name) => matches(name, node)))
      .map(({ name }) => name),
  };
}

/** `^target` also skips over projects that do not have it. */
function reachable(project: string, { dependencies: edges }: ReadGraph): string[] {
  const found = new Set<string>();
  const queue = [project];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const { target } of edges[name] ?? []) {
      if (found.has(target)) continue;
      found.add(target);
      queue.push(target);
    }
  }
  return [...found];
}
