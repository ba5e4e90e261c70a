import type { ExecutorContext, Task, TaskGraph } from '@nx/devkit';
import { Meeting, type Seat } from '../engines/cargo/batch/meeting';
import { NOT_REACHED } from '../engines/cargo/compile-failure';
import { PlatformError } from '../errors';
import { watchInterruption } from './interruption';
import { parallelTasks, turns } from './parallel-tasks';
import { runFacts } from './run-facts';
import { settleTask, type Settled } from './settle-task';
import { collectingConsole, printLine, surviveClosedOutput } from './task-console';
import type { TaskDefinition } from './task-definition';
import { environmentDifference, taskEnvironment } from './task-environment';
import type { TaskSurroundings } from './task-surroundings';

/** What Nx is told of one task of a batch; nothing but `success` and `failure` gets into its cache. */
export interface BatchEntry {
  task: string;
  result: {
    success: boolean;
    status: 'success' | 'failure' | 'skipped' | 'stopped';
    terminalOutput: string;
    startTime: number;
    endTime: number;
  };
}

export interface BatchRequest {
  taskGraph: TaskGraph;
  /** By task id. */
  options: Record<string, object>;
  context: ExecutorContext;
}

/**
 * Runs an executor for many tasks in this one process: each as it would run alone, but they share what was read, and one
 * cargo works for all that can share it. Every task gets a result, whatever happens: Nx would start it again, for ever.
 */
export async function* runBatch(
  definition: TaskDefinition,
  { taskGraph, options, context }: BatchRequest,
): AsyncGenerator<BatchEntry> {
  const interruption = watchInterruption();
  surviveClosedOutput();
  const tasks = Object.values(taskGraph.tasks).map((task) => ({ task, ...environmentOf(task, context) }));
  const meeting = new Meeting(tasks.length);
  const shared = {
    interruption,
    facts: runFacts(
      context,
      tasks.map(({ task }) => task.target.project),
      interruption.signal,
    ),
    inTurn: turns(parallelTasks(context, process.env)),
    differing: [...new Set(tasks.flatMap(({ difference }) => Object.keys(difference)))],
  };
  try {
    const running = tasks.map((each) =>
      runOne(
        definition,
        { ...each, options: options[each.task.id] ?? {}, context, seat: meeting.seat() },
        shared,
      ),
    );
    yield* inOrder(asTheySettle(running));
  } finally {
    interruption.dispose();
  }
}

interface One extends TaskEnvironment {
  task: Task;
  options: object;
  context: ExecutorContext;
  seat: Seat;
}

interface Ended {
  entry: BatchEntry;
  settled: Settled;
}

type Shared = Pick<TaskSurroundings, 'interruption' | 'facts' | 'differing'> &
  Pick<TaskSurroundings['cargo'], 'inTurn'>;

async function runOne(definition: TaskDefinition, one: One, { inTurn, ...shared }: Shared): Promise<Ended> {
  const { task, options, seat, env, difference, error } = one;
  const startTime = Date.now();
  const console = collectingConsole(showProgress);
  const { project: projectName, target: targetName, configuration: configurationName } = task.target;
  const context = { ...one.context, projectName, targetName, configurationName };
  const cargo = { env: difference, meeting: seat, inTurn, announce: printLine };
  const work: TaskDefinition['work'] = error ? () => Promise.reject(error) : definition.work;
  const settled = await settleTask(
    { ...definition, work },
    { context, options },
    { ...shared, console, env, cargo },
  ).finally(() => seat.leave());
  const { success } = settled;
  const result = { success, status: statusOf(settled), terminalOutput: console.text(), startTime };
  return { settled, entry: { task: task.id, result: { ...result, endTime: Date.now() } } };
}

interface TaskEnvironment {
  env: NodeJS.ProcessEnv;
  /** From that of this process. */
  difference: Record<string, string | undefined>;
  /** It could not be told: the task fails. */
  error?: unknown;
}

function environmentOf(task: Task, { projectGraph }: ExecutorContext): TaskEnvironment {
  try {
    const env = taskEnvironment(task, projectGraph);
    const difference = environmentDifference(env);
    return { env: Object.keys(difference).length > 0 ? env : process.env, difference };
  } catch (error) {
    return { env: process.env, difference: {}, error };
  }
}

/** Nx keeps it as no part of a result; without a person at the terminal it would only be noise. */
function showProgress(line: string): void {
  if (process.stdin.isTTY) printLine(line);
}

function statusOf({ success, outcome }: Settled): BatchEntry['result']['status'] {
  if (success) return 'success';
  return outcome.status === 'interrupted' ? 'stopped' : 'failure';
}

async function* asTheySettle(running: Array<Promise<Ended>>): AsyncGenerator<Ended> {
  const open = new Map(running.map((promise, index) => [index, promise.then((ended) => ({ index, ended }))]));
  while (open.size > 0) {
    const { index, ended } = await Promise.race(open.values());
    open.delete(index);
    yield ended;
  }
}

/** A crate that was not reached is skipped, provided that the run fails by another one; so it comes last. */
async function* inOrder(ended: AsyncIterable<Ended>): AsyncGenerator<BatchEntry> {
  const late: BatchEntry[] = [];
  let hasFailed = false;
  for await (const { entry, settled } of ended) {
    if (isNotReached(settled)) late.push(entry);
    else yield entry;
    hasFailed ||= !isNotReached(settled) && entry.result.status === 'failure';
  }
  for (const entry of late) {
    yield hasFailed ? { ...entry, result: { ...entry.result, status: 'skipped' } } : entry;
  }
}

function isNotReached({ outcome: { error } }: Settled): boolean {
  return error instanceof PlatformError && error.code === NOT_REACHED;
}
