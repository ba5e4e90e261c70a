import { LEARNED_INPUTS_FILE } from '../../cargo/learned-inputs';
import { canonicalJson } from '../../cargo/manifest-facts/manifest-fact';
import type { ServiceModel } from '../../service-model/service-model';
import { crateGraph } from '../crate-graph';
import type { ComparedSources } from './compared-sources';

/** Crates whose entry in the learned inputs is another, and those that compile them. */
export function changedLearnedInputs(
  model: ServiceModel,
  changed: readonly string[],
  { now, before }: ComparedSources,
): ReadonlySet<string> {
  if (!changed.includes(LEARNED_INPUTS_FILE)) return new Set();
  const [left, right] = [now, before].map((source) => entriesIn(source.read(LEARNED_INPUTS_FILE)));
  const isOther = (project: string): boolean =>
    !left || !right || canonicalJson(left[project] ?? null) !== canonicalJson(right[project] ?? null);
  const graph = crateGraph(model);
  const projects = model.crates.map(({ project }) => project);
  return new Set(projects.filter((project) => [project, ...graph.testClosure(project)].some(isOther)));
}

/** `undefined`: unreadable, so that everything counts as changed. */
function entriesIn(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return {};
  try {
    return { ...(JSON.parse(text) as { crates?: Record<string, unknown> }).crates };
  } catch {
    return undefined;
  }
}
