import type { Explanation, Reason } from './explanation';
import { keyContent } from './key-content';
import { momentText, referenceOf } from './moments';
import { reasonOf } from './reason-of';
import { outcomeText, reasonText } from './reason-text';
import type { TaskEvidence } from './task-evidence';
import { changesOf, unsettledReasons } from './task-changes';

/** Why the last run of a task was a hit or a miss. Reads nothing: all of it is in the evidence. */
export function explainTask(evidence: TaskEvidence): Explanation {
  const { history, latest, unkept, withKey, now } = evidence;
  const { task, run } = history.latest;
  const isCached = outcomeOf(evidence) !== 'never-cached';
  const changes = isCached ? changesOf(evidence) : [];
  const unsettled = unsettledReasons(evidence);
  const reason = reasonOf(evidence, { changes, unsettled });
  const made = task.cache === 'miss' ? undefined : makerOf(evidence);
  const facts = {
    task: task.id,
    project: task.project,
    target: task.target,
    outcome: outcomeOf(evidence),
    reason,
    ...(task.cache === 'miss' ? {} : { cache: task.cache }),
    ...(task.nxStatus?.endsWith('kept-existing') ? { keptOutputs: true } : {}),
    status: task.status === 'failure' ? ('failure' as const) : ('success' as const),
    run: referenceOf(run),
    ...(history.previous && isCached ? { comparedWith: referenceOf(history.previous.run) } : {}),
    ...(made ? { madeBy: made } : {}),
    changes,
    notKept: [...new Set([...unsettled, ...(unkept.get(run.runId) ?? [])])],
    notes: notesOf(evidence, reason),
    fix: [],
    ...(isCached && withKey ? { key: keyContent(latest, history.latest) } : {}),
  };
  const why = reasonText(facts, { history, unkept, neverCached: evidence.neverCached, now });
  return { ...facts, why, answer: `${task.id} ${outcomeText(facts)}: ${why}` };
}

function outcomeOf({ history }: TaskEvidence): Explanation['outcome'] {
  const { cache, cacheable } = history.latest.task;
  if (cache !== 'miss') return 'hit';
  return cacheable === false ? 'never-cached' : 'miss';
}

/** A run that is recorded here, or what the report says that came with the result. */
function makerOf({ history, maker }: TaskEvidence): Explanation['madeBy'] {
  return history.same ? referenceOf(history.same.run) : maker;
}

function notesOf({ history, latest, previous, now }: TaskEvidence, reason: Reason): string[] {
  const { run, task } = history.latest;
  const { cutOff } = history;
  const isMiss = task.cache === 'miss' && task.cacheable !== false;
  return [
    ...(cutOff
      ? [
          `the run of ${momentText(cutOff.run.startedAt, now)} ended before it was done (${cutOff.task.status})`,
        ]
      : []),
    ...(isMiss && run.skipsCache && reason !== 'cache-skipped'
      ? ['that run did not look into the cache']
      : []),
    ...(task.status === 'failure'
      ? ['it failed, and failures are not cached: the next run is a miss too']
      : []),
    ...(isMiss && !latest.keys ? ['what its key was made of is not recorded for that run'] : []),
    ...(isMiss && latest.keys && history.previous && !previous.keys
      ? ['what its key was made of before is not recorded any more']
      : []),
    ...(run.notes ?? []),
  ];
}
