import { changeText } from './change-text';
import type { Explanation } from './explanation';
import { momentText } from './moments';
import type { TaskHistory } from './task-history';

type Facts = Omit<Explanation, 'answer' | 'why'>;

export interface ReasonContext {
  history: TaskHistory;
  unkept: ReadonlyMap<string, string[]>;
  neverCached: string;
  now: Date;
}

/** `was a hit (local cache)` */
export function outcomeText({ outcome, cache, keptOutputs, status }: Facts): string {
  if (outcome === 'hit') {
    return `was a hit (${cache} cache${keptOutputs ? ', its outputs were still in place' : ''})`;
  }
  const end = status === 'failure' ? ' and failed' : '';
  return outcome === 'never-cached' ? `is never cached${end}` : `was a miss${end}`;
}

/** The reason in one clause. */
export function reasonText(facts: Facts, context: ReasonContext): string {
  const { history, unkept } = context;
  const { same } = history;
  const sameRun = same ? `the run of ${momentText(same.run.startedAt, context.now)}` : 'an earlier run';
  switch (facts.reason) {
    case 'nothing-changed':
      return hitText(facts, context);
    case 'changed':
      return changedText(facts);
    case 'unsettled':
      return `as in every run, since its results cannot be reused: ${firstOf(facts.notKept)}`;
    case 'cache-skipped':
      return 'that run did not look into the cache (--skip-nx-cache)';
    case 'failed-before':
      return `nothing changed since ${sameRun}, but that one failed, and failures are not cached`;
    case 'not-kept':
      return `nothing changed since ${sameRun}, but its result was not kept: ${firstOf(unkept.get(same?.run.runId ?? '') ?? [])}`;
    case 'not-in-cache':
      return `nothing changed since ${sameRun}, but its result is no longer in the cache${whyGone(context)}`;
    case 'first-run':
      return 'it ran for the first time here, and nobody had stored a result with this key';
    case 'never-cached':
      return context.neverCached;
    default:
      return 'what changed cannot be told: the run before it left no record of what its key was made of';
  }
}

function hitText({ madeBy, changes, comparedWith, cache }: Facts, { now }: ReasonContext): string {
  if (!madeBy) {
    const where = cache === 'remote' ? 'elsewhere' : 'in a run that is not recorded here';
    return `nothing in its key changed since the result was made, ${where}`;
  }
  const run = `the run of ${momentText(madeBy.startedAt, now)}${madeBy.command ? '' : ', which is not recorded here'}`;
  const isBack = changes.length > 0 && comparedWith?.runId !== madeBy.runId;
  return isBack
    ? `its key is again that of ${run}`
    : `nothing in its key changed since ${run}, which made it`;
}

function changedText({ changes }: Facts): string {
  const [first, ...others] = changes;
  if (!first) return '';
  return `${changeText(first)}${others.length > 0 ? `, and ${others.length} more change${others.length === 1 ? '' : 's'}` : ''}`;
}

function firstOf(reasons: readonly string[]): string {
  const [first = '', ...others] = reasons;
  return others.length > 0
    ? `${first} (and ${others.length} more reason${others.length === 1 ? '' : 's'})`
    : first;
}

/** Where two runs named different places for it, that is why. */
function whyGone({ history }: ReasonContext): string {
  const [from, to] = [history.same?.run.cacheDirectory, history.latest.run.cacheDirectory];
  if (from !== to)
    return `, which is now ${to ?? 'in its usual place'} and was ${from ?? 'in its usual place'}`;
  return ' (cleared by `nx reset`, or older or larger than it keeps)';
}
