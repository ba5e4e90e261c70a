import { setTimeout as delay } from 'node:timers/promises';
import { buildSummary, type SummaryInput } from '../results/build-summary';
import { collectReports } from '../results/collect-reports';
import { redactLine } from '../results/redact-arguments';
import { readRunRecord, type RunRecord } from '../results/run-record';
import type { RunSummary } from '../results/summary';
import type { TaskPlan } from '../results/task-plan';
import { readPlan } from './nx/read-plan';
import { runNx } from './nx/run-nx';
import { isPattern } from './resolve-services';
import type { ResolvedRun } from './run-request';
import type { RunWorld } from './run-world';

/** One Nx computes the project graph, the other waits and says so in the terminal: that must not be the run. */
const HEAD_START_MS = 300;

type Planned = Pick<SummaryInput, 'plan' | 'planProblem'>;

/** Runs Nx, reads the plan beside it, and judges what came of it. */
export async function executeRun(run: ResolvedRun, world: RunWorld, notes: string[]): Promise<RunSummary> {
  const { context, options, runId, interruption } = world;
  const { stateDirectory } = options;
  // Nx must not start after the signal that it is to hear of.
  interruption.signal.throwIfAborted();
  const startedAt = new Date();
  const running = runNx({ ...nxRequest(run, world), interruption });
  const planning = plan(run, world, running);
  const { exitCode: nxExitCode } = await running;
  const record = await readRunRecord(context.workspaceRoot, runId, stateDirectory);
  const planned = await planning;
  return buildSummary({
    name: run.target,
    runId,
    command: run.commandLine,
    startedAt,
    endedAt: new Date(),
    ...planned,
    record,
    reports: await findReports(planned.plan, record, world),
    nxExitCode,
    interruption: interruption.exitCode(),
    bail: run.nxOptions.some((option) => /^--nx-?bail(=true)?$/i.test(option)),
    notes,
    requested: { target: run.target, projects: run.projects.filter((word) => !isPattern(word)) },
  });
}

function nxRequest({ nxArgs }: ResolvedRun, { context, nxScript, env, runId }: RunWorld) {
  return { workspaceRoot: context.workspaceRoot, nxScript, nxArgs, env, runId };
}

/** Beside the run, so that it costs no time. An interrupted run needs none. */
async function plan(run: ResolvedRun, world: RunWorld, running: Promise<unknown>): Promise<Planned> {
  const { options, interruption } = world;
  const { stateDirectory } = options;
  await Promise.race([delay(HEAD_START_MS, undefined, { ref: false }), running]);
  try {
    return {
      plan: await readPlan({ ...nxRequest(run, world), stateDirectory, signal: interruption.signal }),
    };
  } catch (error) {
    if (interruption.exitCode() !== undefined) return {};
    return { planProblem: redactLine(error instanceof Error ? error.message : String(error)) };
  }
}

async function findReports(taskPlan: TaskPlan | undefined, record: RunRecord | undefined, world: RunWorld) {
  const { context, options, runId } = world;
  const tasks = new Map(
    [...(taskPlan?.tasks ?? []), ...(record?.tasks ?? [])].map((task) => [task.id, task]),
  );
  return collectReports({
    workspaceRoot: context.workspaceRoot,
    reportsDirectory: options.reportsDirectory,
    stateDirectory: options.stateDirectory,
    runId,
    tasks: [...tasks.values()],
  });
}
