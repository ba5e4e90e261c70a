import type { PostTasksExecutionContext } from '@nx/devkit';
import { printClosingSummary } from '../../results/closing-summary';
import { runIdFromArgv } from '../../results/run-marker';
import { recordOf, writeRunRecord } from '../../results/run-record';
import { parsePlatformOptions } from '../../service-model/parse-platform-options';
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
    await writeRunRecord(
      workspaceRoot,
      recordOf({ argv, startTime, endTime, taskResults }, runId),
      stateDirectory,
    );
    const isLaunched =
      runIdFromArgv(argv) !== undefined || process.env['RUST_PLATFORM_SUMMARY'] === 'launcher';
    if (!isLaunched) await printClosingSummary({ workspaceRoot, runId, reportsDirectory, stateDirectory });
  } catch (error) {
    console.error(
      `rust-platform: the run could not be recorded: ${error instanceof Error ? error.message : error}`,
    );
  }
}
