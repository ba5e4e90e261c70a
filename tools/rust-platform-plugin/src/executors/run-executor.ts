import type { ExecutorContext } from '@nx/devkit';
import { watchInterruption } from './interruption';
import { runFacts } from './run-facts';
import { settleTask } from './settle-task';
import { processConsole, surviveClosedOutput } from './task-console';
import type { TaskDefinition } from './task-definition';

export type { Outcome, TaskContext } from './task-context';

/** Runs an executor for the one task that this process was started for; signals become an abort. Never throws. */
export async function runTask(
  definition: TaskDefinition & { context: ExecutorContext; options?: object },
): Promise<{ success: boolean }> {
  const { context, options = {} } = definition;
  const interruption = watchInterruption();
  surviveClosedOutput();
  try {
    const { success } = await settleTask(
      definition,
      { context, options },
      {
        interruption,
        facts: runFacts(context, [context.projectName ?? ''], interruption.signal),
        console: processConsole(),
        env: process.env,
        cargo: {},
      },
    );
    return { success };
  } finally {
    interruption.dispose();
  }
}
