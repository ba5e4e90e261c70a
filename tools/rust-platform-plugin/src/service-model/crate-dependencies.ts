import type { CargoDependency } from '../cargo/cargo-workspace';
import type { CrateDependency } from './service-model';

/** Path dependencies of one crate on other crates of the model, by project name. */
export interface PathEdges {
  project: string;
  edges: Array<{ project: string; kind: CargoDependency['kind'] }>;
}

/** One entry per project that is depended on, kinds joined, and whether it is a dev-dependency that closes a cycle. */
export function crateDependencies(crates: readonly PathEdges[]): Map<string, CrateDependency[]> {
  const component = components(crates);
  return new Map(
    crates.map(({ project, edges }) => {
      const targets = [...new Set(edges.map((edge) => edge.project))]
        .filter((target) => target !== project)
        .sort();
      return [project, targets.map((target) => dependency(project, target, edges, component))];
    }),
  );
}

function dependency(
  source: string,
  target: string,
  edges: PathEdges['edges'],
  component: Map<string, number>,
): CrateDependency {
  const found = new Set(edges.filter(({ project }) => project === target).map(({ kind }) => kind));
  const kinds = (['normal', 'dev', 'build'] as const).filter((kind) => found.has(kind));
  const onlyDev = kinds.every((kind) => kind === 'dev');
  return { project: target, kinds, closesCycle: onlyDev && component.get(source) === component.get(target) };
}

/** Strongly connected components (Tarjan): project → number of its component. */
function components(crates: readonly PathEdges[]): Map<string, number> {
  const edgesOf = new Map(crates.map(({ project, edges }) => [project, edges.map((edge) => edge.project)]));
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const component = new Map<string, number>();
  const stack: string[] = [];

  function visit(node: string): void {
    order.set(node, order.size);
    low.set(node, order.get(node) ?? 0);
    stack.push(node);
    for (const next of edgesOf.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (!component.has(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(node) !== order.get(node)) return;
    for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
      component.set(member, order.get(node) ?? 0);
      if (member === node) return;
    }
  }

  for (const { project } of crates) if (!order.has(project)) visit(project);
  return component;
}
