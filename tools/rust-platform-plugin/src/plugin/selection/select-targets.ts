import type { TargetConfiguration } from '@nx/devkit';
import type { RustCrate } from '../../service-model/service-model';
import type { Inputs } from '../crate-inputs';
import { KEY_FAMILIES, keyVariable } from '../key-variables';
import type { Targets } from '../target-parts';
import { guardDependency, type Guard } from './guards';
import type { ExactSelection, Selection } from './selection';
import { SELECTION_INPUT } from './selection-input';

/**
 * Takes the place of SELECTION_INPUT where a target depends on the guard. Both give the same hash: a variable that is not
 * set and an output that is not there are hashed alike, and `env:` puts them at the same place in the order of the inputs.
 */
const SELECTED_INPUT = { dependentTasksOutputFiles: `env:${SELECTION_INPUT.env}` };

export interface Selecting {
  crate: RustCrate;
  guard: Guard;
  selection: Selection;
}

/** Lets the targets depend on the guard that `nx affected` must select for a change outside their own files. */
export function selectTargets(targets: Targets, place: Selecting): Targets {
  const witness = Object.keys(targets).find((name) => isNamed(targets[name]) && !targets[name]?.cache);
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => {
      if (!isNamed(target)) return [name, target];
      const selected = adapt(target, targets, place);
      return [name, name === witness ? withFiles(selected, place) : selected];
    }),
  );
}

function adapt(target: TargetConfiguration, targets: Targets, place: Selecting): TargetConfiguration {
  const { selection, guard } = place;
  const inputs = (target.inputs ?? []).filter((input) => !isSelectionInput(input));
  const standIns = placeholders(target, targets);
  if (!isSelected(target, place)) return { ...target, inputs: [...inputs, ...standIns] };
  const isAlone = selection.kind === 'exact' && selection.excludesDependencies;
  return {
    ...target,
    inputs: [...inputs, ...(isAlone ? standIns : []), SELECTED_INPUT],
    dependsOn: [...(target.dependsOn ?? []), guardDependency(guard)],
  };
}

function isSelected({ inputs = [] }: TargetConfiguration, { crate, selection }: Selecting): boolean {
  if (selection.kind !== 'exact') return selection.kind === 'all';
  const variables = inputs.flatMap((input) =>
    typeof input === 'object' && 'env' in input ? [input.env] : [],
  );
  const keys = variables.filter((name) => name !== SELECTION_INPUT.env);
  return keys.length > 0
    ? keys.some((name) => selection.variables.has(name))
    : selection.projects.has(crate.project);
}

/**
 * As many as tasks whose outputs the selected target would look through: each adds one to what is hashed. Of other projects
 * only crates are named, and their targets have outputs where those of this one have.
 */
function placeholders({ cache, dependsOn = [] }: TargetConfiguration, targets: Targets): Inputs {
  if (!cache) return [SELECTION_INPUT];
  const counts = dependsOn.map((entry): number => {
    const { projects, target } = typeof entry === 'string' ? { projects: undefined, target: entry } : entry;
    const hasOutputs = (targets[target]?.outputs ?? []).length > 0;
    if (!hasOutputs) return 0;
    return Array.isArray(projects) ? projects.length : 1;
  });
  const count = counts.reduce((sum, one) => sum + one, 0);
  const more = Array.from({ length: count }, (_, index) => ({ env: `${SELECTION_INPUT.env}_${index + 2}` }));
  return [SELECTION_INPUT, ...more];
}

/** In one uncached target of each crate, whose hash nobody looks at: where Nx goes by projects, file sets are all it sees. */
function withFiles(target: TargetConfiguration, { selection, crate, guard }: Selecting): TargetConfiguration {
  const add = (files: Inputs): TargetConfiguration => ({
    ...target,
    inputs: [...(target.inputs ?? []), ...files],
  });
  if (selection.kind === 'none') return target;
  if (selection.kind === 'all') return add(selection.byProject ? guard.inputs : guard.coarseInputs);
  const isChanged = selection.byProject ? anyKeyOf(crate, selection) : selection.projects.has(crate.project);
  return isChanged ? add(guard.inputs) : target;
}

function anyKeyOf({ project }: RustCrate, { variables }: ExactSelection): boolean {
  return KEY_FAMILIES.some((family) => variables.has(keyVariable(project, family)));
}

function isNamed(target: TargetConfiguration | undefined): target is TargetConfiguration {
  return target?.inputs?.some(isSelectionInput) ?? false;
}

function isSelectionInput(input: Inputs[number]): boolean {
  return typeof input === 'object' && 'env' in input && input.env === SELECTION_INPUT.env;
}
