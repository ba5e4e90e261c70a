import { realpathSync } from 'node:fs';
import type { ExecutorContext } from '@nx/devkit';
import { hidePlaces } from '../cargo/hide-places';
import { EXIT, formatError, PlatformError } from '../errors';
import { vetoCache } from '../engines/run/cache-veto';
import type { TaskReport } from '../results/task-report';
import { writeTaskReport } from '../results/task-report-file';
import { uncachedReasons } from '../service-model/uncached-reasons';
import { hidingConsole } from './hiding-console';
import { initialState, prepareTask, type TaskState } from './prepare-task';
import { exitCodeOfOutcome, outcomeOfError, reportOf } from './report-of';
import type { TaskConsole } from './task-console';
import type { Outcome } from './task-context';
import type { TaskDefinition } from './task-definition';
import type { TaskSurroundings } from './task-surroundings';

export interface Task {
  context: ExecutorContext;
  options: object;
}

export interface Settled {
  success: boolean;
  outcome: Outcome;
}

const CLEAN_UP_FAILURES = ['process-not-ended'];

/** Runs the work of one task, prints how it ended and leaves its report, whatever happens. Never throws. */
export async function settleTask(
  definition: TaskDefinition,
  task: Task,
  surroundings: TaskSurroundings,
): Promise<Settled> {
  const started = new Date();
  const { context } = task;
  const state = initialState();
  const hide = isCached(context) ? hider(context.root, surroundings.env) : (text: string) => text;
  const console = hidingConsole(surroundings.console, hide);
  const outcome = await workOn(definition, task, { ...surroundings, console, hide }, state);
  const known = reasonsAgainstCache(context);
  const found = (outcome.unkept ?? []).filter((reason) => !known.some((other) => reason.includes(other)));
  const reasons = [...known, ...found];
  const notes = reasons.map(notKept);
  const runId = state.run?.runId ?? 'unknown';
  const report = hideIn(
    reportOf({ context, target: definition.target, started, runId, outcome, notes }),
    hide,
  );
  const isKeepable = reasons.length === 0 && isVerdict(outcome);
  const left = await leave(report, { context, state, isKeepable }).catch((error: unknown) => {
    console.error(formatError(error));
    return false;
  });
  return { success: report.exitCode === EXIT.ok && left, outcome };
}

async function workOn(
  definition: TaskDefinition,
  task: Task,
  surroundings: TaskSurroundings & { hide: (text: string) => string },
  state: TaskState,
): Promise<Outcome> {
  const { interruption, console } = surroundings;
  try {
    const outcome = await definition.work(await prepareTask(definition, task, surroundings, state));
    const isGood = exitCodeOfOutcome(outcome) === EXIT.ok;
    const interrupted = await (isGood ? interruption.error() : interruption.errorSoon());
    if (interrupted && !(definition.endsBySignal && isGood)) throw interrupted;
    printOutcome(console, outcome);
    return outcome;
  } catch (caught) {
    const interrupted = await interruption.errorSoon();
    const error = interrupted ?? caught;
    console.error(formatError(error));
    if (interrupted && isCleanUpFailure(caught)) console.error(formatError(caught));
    return outcomeOfError(error);
  }
}

/** cargo and rustc resolve the links on the way to the workspace. */
function hider(root: string, env: NodeJS.ProcessEnv): (text: string) => string {
  const given = hidePlaces(root, env);
  const real = hidePlaces(realpathSync(root), env);
  return (text) => real(given(text));
}

function hideIn(report: TaskReport, hide: (text: string) => string): TaskReport {
  const text = JSON.stringify(report, (_, value: unknown) =>
    typeof value === 'string' ? hide(value) : value,
  );
  return JSON.parse(text) as TaskReport;
}

/** After an interruption: something of ours could not be ended, which a person must know. */
function isCleanUpFailure(error: unknown): boolean {
  return error instanceof PlatformError && CLEAN_UP_FAILURES.includes(error.code);
}

function printOutcome(console: TaskConsole, { headline, notes = [], unkept = [] }: Outcome): void {
  if (!notes.some((note) => note.startsWith(headline))) console.line(headline);
  for (const note of [...notes, ...unkept.map(notKept)]) console.line(`note: ${note}`);
}

function notKept(reason: string): string {
  return `not cached: ${reason}`;
}

/** Something about the crate, and not about the surroundings: Nx can be told to keep failures, too. */
function isVerdict({ status, error }: Outcome): boolean {
  if (error instanceof PlatformError) return error.code === 'compile-failed';
  return error === undefined && status !== 'interrupted' && status !== 'not-checked';
}

/** Why the result of a cached target is not kept for a later run, so that nobody wonders. */
function reasonsAgainstCache(context: ExecutorContext): string[] {
  const { projectName, targetName } = context;
  if (projectName === undefined || targetName === undefined || !isCached(context)) return [];
  return uncachedReasons(projectName, targetName);
}

function isCached({ projectName, targetName, taskGraph }: ExecutorContext): boolean {
  return taskGraph?.tasks[`${projectName}:${targetName}`]?.cache === true;
}

/** The report, and whether Nx may keep the result. */
async function leave(
  report: TaskReport,
  { context, state, isKeepable }: { context: ExecutorContext; state: TaskState; isKeepable: boolean },
): Promise<boolean> {
  const { root } = context;
  const { stateDirectory, reportsDirectory } = state.options;
  if (state.run && isCached(context)) {
    const { project, target } = report;
    const place = { workspaceRoot: root, stateDirectory, project, target, holder: state.run.holder };
    await vetoCache(place, !isKeepable);
  }
  await writeTaskReport(root, reportsDirectory, report, stateDirectory);
  return true;
}
