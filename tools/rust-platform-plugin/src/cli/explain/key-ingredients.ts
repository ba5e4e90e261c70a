import type { Ingredient, KeyRecord } from '../../results/key-record';
import { OUR_KEYS, type RunInputs } from '../../results/run-record-inputs';
import { ingredientsIn, partsOf } from './record-pair';
import type { RunDetails } from './task-evidence';
import type { TaskRun } from './task-history';

/** The keys of ours that a target has, where Nx's inputs of the task do not tell. */
const FAMILIES: Record<string, string> = {
  build: 'build',
  clippy: 'clippy',
  check: 'clippy',
  test: 'test',
  rustfmt: 'rustfmt',
  'test-api': 'api',
};

/** Names of the keys in the record (`project:family`) that a task had, by the inputs that Nx hashed for it. */
export function keysOfTask({ keys, inputs }: RunDetails, { task }: TaskRun): string[] {
  if (!keys) return [];
  const variables = inputNames(inputs, task.id).filter((name) => name.startsWith(OUR_KEYS));
  const found = variables.flatMap((name) => keysByVariable(keys).get(name) ?? []);
  const byName = `${task.project}:${FAMILIES[task.target] ?? ''}`;
  return found.length > 0 || !(byName in keys.keys) ? found : [byName];
}

/** Everything that the key of a task was made of, each ingredient once. */
export function ingredientsOfTask(details: RunDetails, run: TaskRun): Ingredient[] {
  if (!details.keys) return [];
  const all = ingredientsIn(details.keys, partsOf(details.keys, keysOfTask(details, run)));
  return [...new Map(all.map((one) => [`${one.group}\0${one.name}\0${one.value}`, one])).values()];
}

/** Names of what Nx hashed for a task. */
export function inputNames(inputs: RunInputs | undefined, taskId: string): string[] {
  return (inputs?.tasks[taskId] ?? []).flatMap((place) => inputs?.inputs[place]?.[0] ?? []);
}

const known = new WeakMap<KeyRecord, Map<string, string[]>>();

function keysByVariable(record: KeyRecord): Map<string, string[]> {
  const found = known.get(record) ?? new Map<string, string[]>();
  if (known.has(record)) return found;
  for (const key of Object.keys(record.keys)) {
    const name = variableOf(key);
    found.set(name, [...(found.get(name) ?? []), key]);
  }
  known.set(record, found);
  return found;
}

/** As `keyVariable` of the plugin names it. */
function variableOf(key: string): string {
  const at = key.lastIndexOf(':');
  const [project, family] = [key.slice(0, at), key.slice(at + 1)];
  const word = (text: string) => text.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  return `${OUR_KEYS}${word(family)}_${word(project)}`;
}
