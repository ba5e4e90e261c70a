import type { Change, ChangeGroup } from './explanation';
import { keysOfTask } from './key-ingredients';
import { nxDiff } from './nx-diff';
import { orderChanges } from './order-changes';
import { ingredientsIn, partsOf } from './record-pair';
import type { TaskEvidence } from './task-evidence';

/** Groups whose changes Nx sees as changed file sets too. */
const FILES: readonly ChangeGroup[] = ['source', 'file', 'manifest', 'lock', 'config', 'plugin'];

/** What is different in the key since the run before, most specific first. */
export function changesOf(evidence: TaskEvidence): Change[] {
  const { history, latest, previous, pair } = evidence;
  if (!history.previous || history.previous.task.hash === history.latest.task.hash) return [];
  const keys = [keysOfTask(previous, history.previous), keysOfTask(latest, history.latest)] as const;
  const own = pair?.changes(...keys) ?? [];
  return orderChanges([...own, ...changesByNx(evidence, own)]);
}

/** Reasons why the key of its last run could not be told; it is another in every run. */
export function unsettledReasons({ history, latest }: TaskEvidence): string[] {
  const { run, task } = history.latest;
  const { keys } = latest;
  if (task.cacheable === false) return [];
  if (!keys) return run.uncached?.find(({ project }) => project === task.project)?.reasons ?? [];
  const parts = partsOf(keys, keysOfTask(latest, history.latest));
  const named = ingredientsIn(keys, parts).filter(({ group }) => group === 'unverified');
  return [...new Set(named.map(({ name }) => name))];
}

function changesByNx(evidence: TaskEvidence, own: readonly Change[]): Change[] {
  const { history, latest, previous } = evidence;
  if (!latest.inputs || !previous.inputs || !history.previous) return [];
  const { run } = history.latest;
  const changes = nxDiff(
    { inputs: previous.inputs, taskId: history.previous.task.id, options: history.previous.task.options },
    { inputs: latest.inputs, taskId: history.latest.task.id, options: history.latest.task.options },
    {
      fileSets: !own.some(({ group }) => FILES.includes(group)),
      rootOf: (project) => run.tasks.find((task) => task.project === project)?.root,
    },
  );
  // A new version of the plugin infers other configurations: one reason is enough.
  const isPlugin = own.some(({ group }) => group === 'plugin');
  return changes.filter(({ name }) => !(isPlugin && name.startsWith('what Nx knows of')));
}
