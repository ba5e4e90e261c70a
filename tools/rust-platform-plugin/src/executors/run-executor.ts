import type { ExecutorContext } from '@nx/devkit';
import { currentRun } from '../engines/run/run-identity';
import { EXIT, PlatformError, exitCodeOf } from '../errors';
import type { TaskReport, TaskStatus } from '../results/task-report';
import { writeTaskReport } from '../results/task-report-file';
import { loadPlatformOptions } from '../service-model/load-platform-options';
import { loadServiceModel } from '../service-model/load-service-model';
import { uncachedReasons } from '../service-model/uncached-reasons';
import { DEFAULT_OPTIONS, type PlatformOptions } from '../service-model/platform-options';
import { assertNoProblem, findCrate } from './find-crate';
import { watchInterruption, type Interruption } from './interruption';
import { projectNamesOf } from './service-stack/project-names';
import { printError, printLine, surviveClosedOutput, wantsColour } from './task-console';
import type { Outcome, TaskContext } from './task-context';
import { validateOptions } from './validate-options';

export type { Outcome, TaskContext } from './task-context';

const CLEAN_UP_FAILURES = ['process-not-ended'];

export interface TaskDefinition {
  context: ExecutorContext;
  /** Name in messages and of the report, unless Nx runs the executor under another target name. */
  target: string;
  /** Executor options with the content of its schema.json: checked again, because Nx checks only a part. */
  options?: object;
  schema?: object;
  /** The work runs cargo (default), so a problem of the crate's Cargo files or toolchain ends it before it starts. */
  needsCargo?: boolean;
  /** A signal is the usual end of this task: a good outcome stands although one came. */
  endsBySignal?: boolean;
  work: (task: TaskContext) => Promise<Outcome>;
}

/**
 * Runs the work of one executor: finds its crate, turns signals into an abort, prints an error once and leaves a task
 * report, whatever happens. Never throws.
 */
export async function runTask(definition: TaskDefinition): Promise<{ success: boolean }> {
  const started = new Date();
  const interruption = watchInterruption();
  surviveClosedOutput();
  const state: TaskState = { options: DEFAULT_OPTIONS, runId: 'unknown' };
  try {
    const outcome = await settle(definition, interruption, state);
    const report = reportOf(definition, started, state, outcome);
    const written = await leaveReport(definition.context.root, state.options, report);
    return { success: report.exitCode === EXIT.ok && written };
  } finally {
    interruption.dispose();
  }
}

interface TaskState {
  options: PlatformOptions;
  runId: string;
}

async function settle(
  definition: TaskDefinition,
  interruption: Interruption,
  state: TaskState,
): Promise<Outcome> {
  try {
    const outcome = await definition.work(await prepare(definition, interruption, state));
    const interrupted = await (isGood(outcome) ? interruption.error() : interruption.errorSoon());
    if (interrupted && !(definition.endsBySignal && isGood(outcome))) throw interrupted;
    printOutcome(outcome);
    return outcome;
  } catch (caught) {
    const interrupted = await interruption.errorSoon();
    const error = interrupted ?? caught;
    printError(error);
    if (interrupted && isCleanUpFailure(caught)) printError(caught);
    return { status: statusOf(error), exitCode: exitCodeOf(error), headline: headlineOf(error), error };
  }
}

async function prepare(
  definition: TaskDefinition,
  interruption: Interruption,
  state: TaskState,
): Promise<TaskContext> {
  const { context, target, options = {}, schema } = definition;
  const run = await currentRun(context.root);
  state.runId = run.runId;
  state.options = await loadPlatformOptions(context.root);
  if (schema) validateOptions(target, options, schema);
  const model = await loadServiceModel({
    workspaceRoot: context.root,
    options: state.options,
    signal: interruption.signal,
  });
  const crate = findCrate(context, model);
  if (definition.needsCargo ?? true) assertNoProblem(crate, model);
  interruption.signal.throwIfAborted();
  return {
    workspaceRoot: context.root,
    options: state.options,
    model,
    crate,
    service: crate.service,
    project: context.projectName ?? crate.project,
    projectNames: projectNamesOf(context),
    target: context.targetName ?? target,
    report: printLine,
    colour: wantsColour(),
    signal: interruption.signal,
    run,
  };
}

function reportOf(definition: TaskDefinition, started: Date, state: TaskState, outcome: Outcome): TaskReport {
  const { context, target } = definition;
  return {
    schemaVersion: 1,
    project: context.projectName ?? '',
    target: context.targetName ?? target,
    runId: state.runId,
    status: outcome.status,
    exitCode: outcome.exitCode ?? defaultExitCode(outcome.status),
    headline: outcome.headline,
    notes: [...(outcome.notes ?? []), ...uncachedNotes(context)],
    ...(outcome.error === undefined ? {} : { error: errorOf(outcome.error) }),
    startedAt: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
    files: outcome.files ?? [],
    ...(outcome.data === undefined ? {} : { data: outcome.data }),
  };
}

/** Why the result of a cached target is not kept for a later run, so that nobody wonders. */
function uncachedNotes({ projectName, targetName, taskGraph }: ExecutorContext): string[] {
  if (projectName === undefined || !taskGraph?.tasks[`${projectName}:${targetName}`]?.cache) return [];
  return uncachedReasons(projectName).map((reason) => `not cached: ${reason}`);
}

async function leaveReport(root: string, options: PlatformOptions, report: TaskReport): Promise<boolean> {
  try {
    await writeTaskReport(root, options.reportsDirectory, report, options.stateDirectory);
    return true;
  } catch (error) {
    printError(error);
    return false;
  }
}

function isGood({ status, exitCode }: Outcome): boolean {
  return (exitCode ?? defaultExitCode(status)) === EXIT.ok;
}

/** After an interruption: something of ours could not be ended, which a person must know. */
function isCleanUpFailure(error: unknown): boolean {
  return error instanceof PlatformError && CLEAN_UP_FAILURES.includes(error.code);
}

function printOutcome({ headline, notes = [] }: Outcome): void {
  if (!notes.some((note) => note.startsWith(headline))) printLine(headline);
  for (const note of notes) printLine(`note: ${note}`);
}

function defaultExitCode(status: TaskStatus): number {
  if (status === 'failed') return EXIT.checkFailed;
  return status === 'interrupted' ? EXIT.interrupted : EXIT.ok;
}

function statusOf(error: unknown): TaskStatus {
  if (!(error instanceof PlatformError)) return 'failed';
  if (error.code === 'interrupted') return 'interrupted';
  return error.exitCode === EXIT.notJudged ? 'not-checked' : 'failed';
}

function headlineOf(error: unknown): string {
  if (error instanceof PlatformError) return error.what;
  return error instanceof Error ? error.message : String(error);
}

function errorOf(error: unknown): TaskReport['error'] {
  if (error instanceof PlatformError) {
    const { code, what, why, fix } = error;
    return { code, what, ...(why === undefined ? {} : { why }), fix };
  }
  return { code: 'internal', what: headlineOf(error), fix: [] };
}
