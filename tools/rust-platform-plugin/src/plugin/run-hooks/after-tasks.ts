import type { PostTasksExecutionContext } from '@nx/devkit';
import { printClosingSummary } from '../../results/closing-summary';
import { runIdFromArgv } from '../../results/run-marker';
import { recordOf, writeRunRecord, type RunFacts } from '../../results/run-record';
import { writeRunInputs } from '../../results/run-record-inputs';
import { parsePlatformOptions } from '../../service-model/parse-platform-options';
import { printFromHook } from '../nx-internals';
import { takeFacts } from './run-facts';
import { endRun } from './run-registry';

/**
 * After the last task: keeps what Nx says of the run, and prints the closing summary unless the launcher does. Never
 * throws: the tasks are done, and Nx would turn their success into a failure.
 */
export async function afterTasks(given: unknown, context: PostTasksExecutionContext): Promise<void> {
  try {
    const { workspaceRoot, argv, startTime, endTime, taskResults } = context;
    const { stateDirectory, reportsDirectory } = parsePlatformOptions(given);
    const runId = endRun(context, process.env);
    const facts = await factsOf(context, stateDirectory);
    await writeRunRecord(
      workspaceRoot,
      recordOf({ argv, startTime, endTime, taskResults }, runId, facts),
      stateDirectory,
    );
    const isLaunched =
      runIdFromArgv(argv) !== undefined || process.env['RUST_PLATFORM_SUMMARY'] === 'launcher';
    if (isLaunched) return;
    const summary = await printClosingSummary({
      workspaceRoot,
      runId,
      reportsDirectory,
      stateDirectory,
      write: printFromHook,
    });
    // The summary holds them, where there is one.
    if (!summary) for (const note of facts.notes ?? []) printFromHook(`rust-platform: ${note}\n`);
  } catch (error) {
    console.error(`rust-platform: the run could not be recorded: ${messageOf(error)}`);
  }
}

/** A run is recorded even when what Nx hashed cannot be. */
async function factsOf(context: PostTasksExecutionContext, stateDirectory: string): Promise<RunFacts> {
  const { id, workspaceRoot, taskResults } = context;
  const { files, ...facts } = takeFacts(id);
  const tasks = Object.values(taskResults).map(({ task }) => task);
  try {
    return { ...facts, inputs: await writeRunInputs(workspaceRoot, { tasks, files }, stateDirectory) };
  } catch (error) {
    const note = `what Nx hashed could not be kept: ${messageOf(error)}`;
    return { ...facts, notes: [...(facts.notes ?? []), note] };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
