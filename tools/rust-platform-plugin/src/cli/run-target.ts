import { createColors } from 'picocolors';
import { checkoutLock, type Lock } from '../engines/locks';
import { formatError } from '../errors';
import { formatSummary } from '../results/format-summary';
import { writeSummary } from '../results/summary-files';
import type { CliContext } from './cli-context';
import { executeRun } from './execute-run';
import { formatPlan } from './format-plan';
import { watchInterruption } from './interruption';
import { listProjects } from './nx/list-projects';
import { readPlan } from './nx/read-plan';
import { preflightRun } from './preflight-run';
import { resolveRun } from './resolve-run';
import { resolveServices } from './resolve-services';
import type { ResolvedRun, RunRequest } from './run-request';
import { createWorld, type RunWorld } from './run-world';

/** A target or workflow from the command line to the closing summary. Resolves with the exit code. */
export async function runTarget(request: RunRequest, context: CliContext): Promise<number> {
  const interruption = watchInterruption();
  try {
    const world = await createWorld(context, interruption, request.launcher);
    const run = await resolve(request, world);
    if (request.launcher.dryRun) return await printPlan(run, world);
    const preflight = await preflightRun(run, world);
    if (preflight.exitCode !== 0) return preflight.exitCode;
    return await runAlone(run, world, preflight.notes);
  } catch (error) {
    const interrupted = interruption.exitCode();
    if (interrupted === undefined) throw error;
    context.report(formatError(error));
    return interrupted;
  } finally {
    interruption.dispose();
  }
}

async function resolve(request: RunRequest, world: RunWorld): Promise<ResolvedRun> {
  const { model, nxScript, context, interruption } = world;
  const projects = await resolveServices({
    words: request.services,
    command: request.command,
    model,
    listProjects: () => listProjects(context.workspaceRoot, nxScript, interruption.signal),
  });
  return resolveRun(request, projects);
}

/** Starts no task: the plan is the task graph that Nx would run. */
async function printPlan(run: ResolvedRun, world: RunWorld): Promise<number> {
  const { context, options, nxScript, env, runId, interruption } = world;
  const plan = await readPlan({
    workspaceRoot: context.workspaceRoot,
    stateDirectory: options.stateDirectory,
    nxScript,
    nxArgs: run.nxArgs,
    env,
    runId,
    signal: interruption.signal,
  });
  context.write(formatPlan(plan, run));
  return (await preflightRun(run, world)).exitCode;
}

/** Two workflows of one checkout would write the same reports and compete for the same ports: the second waits. */
async function runAlone(run: ResolvedRun, world: RunWorld, notes: string[]): Promise<number> {
  const lock = run.command.kind === 'workflow' ? await waitForTurn(run, world) : undefined;
  try {
    return await runAndReport(run, world, notes);
  } finally {
    await lock?.release();
  }
}

async function waitForTurn(run: ResolvedRun, { context, interruption }: RunWorld): Promise<Lock> {
  return checkoutLock(context.workspaceRoot, 'workflow', {
    purpose: `rust-platform ${run.command.name}`,
    signal: interruption.signal,
    onWait: (holders) => {
      const who = holders.map(({ purpose, pid, since }) => `${purpose} (pid ${pid}, since ${since})`);
      context.report(`waiting for ${who.join(', ')} in this checkout`);
    },
  });
}

async function runAndReport(run: ResolvedRun, world: RunWorld, notes: string[]): Promise<number> {
  const { context, options } = world;
  const { workspaceRoot, width, colour } = context;
  context.report(createColors(colour).dim(`> ${run.commandLine}`));
  const summary = await executeRun(run, world, notes);
  const files = await writeSummary(workspaceRoot, options.reportsDirectory, summary);
  context.write(formatSummary(summary, { width, colour, files }));
  return summary.exitCode;
}
