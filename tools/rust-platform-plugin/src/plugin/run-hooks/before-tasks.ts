import type { PreTasksExecutionContext } from '@nx/devkit';
import { EXIT, PlatformError } from '../../errors';
import { writeRefusal } from '../../results/run-record';
import { parsePlatformOptions } from '../../service-model/parse-platform-options';
import { uncachedVariable } from '../../service-model/uncached-reasons';
import { lastModel } from '../remembered-model';
import { computeTaskKeys, unknownKeys } from '../task-keys/compute-task-keys';
import { beginRun } from './run-registry';
import { refuseRun } from './refuse-run';

/**
 * Before Nx hashes: refuses a run that would go wrong, gives the run its id, and puts the keys of all crates into the
 * environment, from where Nx hands them to the hasher and to the tasks.
 */
export async function beforeTasks(given: unknown, context: PreTasksExecutionContext): Promise<void> {
  const { workspaceRoot, argv } = context;
  // Nx forces colours on its tasks, against NO_COLOR, unless told otherwise; Node then warns in each of them.
  if (process.env['NO_COLOR']) process.env['FORCE_COLOR'] ??= '0';
  const options = parsePlatformOptions(given);
  const runId = beginRun(context, process.env);
  try {
    refuseRun({ workspaceRoot, argv, env: process.env });
  } catch (error) {
    await recordRefusal(error, { workspaceRoot, runId, argv, stateDirectory: options.stateDirectory });
    throw error;
  }
  const model = await lastModel(workspaceRoot, () => options);
  if (model.crates.length === 0) return;
  const { variables, uncached } = await computeTaskKeys({ workspaceRoot, model, env: process.env }).catch(
    // Whatever it is, it must not stop tasks that have nothing to do with Rust.
    (error: unknown) => unknownKeys(model, error),
  );
  for (const { project } of model.crates) {
    const reasons = uncached.find((entry) => entry.project === project)?.reasons ?? [];
    const name = uncachedVariable(project);
    if (reasons.length > 0 || process.env[name]) process.env[name] = reasons.join('\n');
  }
  Object.assign(process.env, variables);
}

/** The launcher ends with the exit code of the refusal; Nx alone would make it 1. */
async function recordRefusal(
  error: unknown,
  run: { workspaceRoot: string; runId: string; argv: readonly string[]; stateDirectory: string },
): Promise<void> {
  if (!(error instanceof PlatformError)) return;
  const { code, what, why, fix, exitCode = EXIT.usage } = error;
  const { workspaceRoot, runId, argv, stateDirectory } = run;
  // The refusal itself matters more than its record.
  await writeRefusal(
    workspaceRoot,
    { runId, argv },
    { code, what, why, fix, exitCode },
    stateDirectory,
  ).catch(() => undefined);
}
