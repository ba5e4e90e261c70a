import type { RunRecord, TaskRecord } from '../../results/run-record';
import type { Explanation } from './explanation';
import { explainTask } from './explain-task';
import { gatherEvidence } from './gather-evidence';
import { neverCachedReason, stepsOf } from './never-cached';
import { noRecord } from './no-record';
import type { ProjectTargets } from './project-targets';
import type { RunArchive } from './run-archive';
import { sumOf } from './sum-of';
import { taskHistory } from './task-history';

export interface ExplainContext {
  archive: RunArchive;
  targets: ProjectTargets;
  /** Whether to tell what the keys are made of: not for one line about each of hundreds of tasks. */
  withKey: boolean;
  now: Date;
}

export interface TargetName {
  project: string;
  target: string;
  configuration?: string | undefined;
}

/** Explains the last of the given runs (all by default) in which the target took part; a sum with its steps. */
export async function explainTarget(
  name: TargetName,
  context: ExplainContext,
  runs: readonly RunRecord[] = context.archive.runs,
): Promise<Explanation> {
  const { archive, targets, withKey, now } = context;
  const history = taskHistory(runs, (task) => isNamed(task, name));
  const facts = targets.get(name.project)?.get(name.target);
  const steps = stepsOf(name.target, facts);
  const neverCached = neverCachedReason(name.target, facts);
  const explanation = history
    ? explainTask({ history, ...(await gatherEvidence(history, archive)), neverCached, withKey, now })
    : noRecord(name, archive, facts && !facts.cache ? neverCached : undefined);
  if (steps.length === 0) return explanation;
  const parts = steps.map((target) => explainTarget({ ...name, target }, context, runs));
  return sumOf(explanation, await Promise.all(parts));
}

function isNamed(task: TaskRecord, { project, target, configuration }: TargetName): boolean {
  if (task.project !== project || task.target !== target) return false;
  return configuration === undefined || task.id === `${project}:${target}:${configuration}`;
}
