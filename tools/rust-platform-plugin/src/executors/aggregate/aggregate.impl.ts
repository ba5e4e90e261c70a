import type { ExecutorContext } from '@nx/devkit';
import { readTaskReport } from '../../results/task-report-file';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import schema from './schema.json';
import { sumUp, type StepEvidence } from './sum-up';

export interface AggregateOptions {
  steps: string[];
}

/**
 * The result of a target that only waits for others, e.g. `lint-rust`. Nx does not run it when a step failed before, so
 * the closing summary of the run shows the steps as well.
 */
export default async function aggregate(
  options: AggregateOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const work = (task: TaskContext): Promise<Outcome> => aggregateTask(task, options.steps, context);
  return runTask({ context, target: 'aggregate', options, schema, needsCargo: false, work });
}

async function aggregateTask(task: TaskContext, steps: string[], context: ExecutorContext): Promise<Outcome> {
  const targets = context.projectsConfigurations?.projects[task.project]?.targets ?? {};
  const present = steps.filter((step) => Object.hasOwn(targets, step));
  const planned = plannedTargets(task.project, context);
  const evidence = await Promise.all(
    present.map(async (step): Promise<StepEvidence> => {
      const { reportsDirectory, stateDirectory } = task.options;
      const run = { runId: task.run.runId, stateDirectory };
      const key = { project: task.project, target: step };
      const report = await readTaskReport(task.workspaceRoot, reportsDirectory, key, run);
      const isCached = targets[step]?.cache === true;
      return { step, report, isCached, isPlanned: planned?.has(step) ?? true };
    }),
  );
  return sumUp({ target: task.target, project: task.project, runId: task.run.runId, evidence });
}

/** Targets of this project in the run; undefined when Nx did not say. */
function plannedTargets(project: string, context: ExecutorContext): Set<string> | undefined {
  if (!context.taskGraph) return undefined;
  const tasks = Object.values(context.taskGraph.tasks).map(({ target }) => target);
  return new Set(tasks.filter((target) => target.project === project).map(({ target }) => target));
}
