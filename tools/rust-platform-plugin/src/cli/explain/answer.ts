import type { RunRecord } from '../../results/run-record';
import type { Explanation, RunReference } from './explanation';
import { explainTarget, type ExplainContext, type TargetName } from './explain-target';
import { referenceOf } from './moments';
import { unreadText } from './no-record';
import { knownTargets, resolveName, type KnownTargets } from './resolve-names';
import { cratesToLearn, unsettledCrates, type Unsettled } from './unsettled';

/** What `explain` has to say. */
export interface Answer {
  /** Several tasks in one line each, or each at length. */
  isOverview: boolean;
  /** Of an overview: the run, or the projects. */
  run?: RunReference;
  projects?: string[];
  tasks: Explanation[];
  /** Crates whose results are never reused, as of the last run that says so. */
  unsettled: Unsettled[];
  notes: string[];
}

/** @throws PlatformError `unknown-project`, `unknown-target` */
export async function answerOf(words: readonly string[], context: ExplainContext): Promise<Answer> {
  const { archive, targets } = context;
  const known = knownTargets(targets, archive.runs);
  const names = words.map((word) => resolveName(word, known));
  if (names.length === 0) return lastRun(context);
  const isOverview = names.some(({ target }) => target === undefined);
  const wanted = names.flatMap(({ project, target, configuration }) =>
    target === undefined ? targetsOf(project, known) : [{ project, target, configuration }],
  );
  const explained = await Promise.all(wanted.map((name) => explainTarget(name, context)));
  const tasks = isOverview ? explained.filter(({ outcome }) => outcome !== 'no-record') : explained;
  const others = wanted.filter(
    ({ project, target }) => !tasks.some((one) => one.project === project && one.target === target),
  );
  const projects = [...new Set(names.map(({ project }) => project))];
  const all = unsettledNow(archive.runs);
  return {
    isOverview,
    ...(isOverview ? { projects } : {}),
    tasks: tasks.map((task) => withFix(task, archive.runs)),
    unsettled: all.filter(({ project }) => projects.includes(project)),
    notes: isOverview ? withoutRun(others, context) : [],
  };
}

/** Steps of our own that do nothing are of no interest. */
function withoutRun(names: TargetName[], { targets }: ExplainContext): string[] {
  const shown = names.filter(
    ({ project, target }) => targets.get(project)?.get(target)?.executor !== 'nx:noop',
  );
  if (shown.length === 0) return [];
  return [`no run recorded: ${shown.map(({ project, target }) => `${project}:${target}`).join(', ')}`];
}

async function lastRun(context: ExplainContext): Promise<Answer> {
  const { runs, unreadable } = context.archive;
  const at = runs.findIndex(({ tasks }) => tasks.length > 0);
  const run = runs[at];
  const others = unreadable > 0 ? [unreadText(unreadable)] : [];
  if (!run) {
    const notes = [
      'no run is recorded here yet: every run of Nx in this checkout leaves a record',
      ...others,
    ];
    return { isOverview: true, tasks: [], unsettled: [], notes };
  }
  const tasks = run.tasks.map(({ project, target, id }) => {
    const configuration = id.slice(`${project}:${target}`.length + 1) || undefined;
    return explainTarget({ project, target, configuration }, context, runs.slice(at));
  });
  const refused = runs.slice(0, at).find(({ error }) => error);
  const notes = [
    ...(refused?.error ? [`a later run was refused: ${refused.error.what}`] : []),
    ...(run.notes ?? []),
  ];
  return {
    isOverview: true,
    run: referenceOf(run),
    tasks: (await Promise.all(tasks)).map(({ steps: _, ...task }) => task),
    unsettled: unsettledCrates(run),
    notes: [...notes, ...others],
  };
}

function targetsOf(project: string, known: KnownTargets) {
  return [...(known.get(project) ?? [])].map((target) => ({ project, target }));
}

function unsettledNow(runs: readonly RunRecord[]): Unsettled[] {
  const last = runs.find(({ uncached }) => uncached !== undefined);
  return last ? unsettledCrates(last) : [];
}

function withFix(task: Explanation, runs: readonly RunRecord[]): Explanation {
  const run = runs.find(({ runId }) => runId === task.run?.runId);
  if (task.reason !== 'unsettled' || !run) return task;
  const crates = cratesToLearn(task.project, task.notKept, run);
  return crates.length === 0
    ? task
    : { ...task, fix: [...task.fix, `rust-platform learn ${crates.join(' ')}`] };
}
