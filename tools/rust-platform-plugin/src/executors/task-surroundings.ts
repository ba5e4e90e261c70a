import type { Interruption } from './interruption';
import type { RunFacts } from './run-facts';
import type { TaskConsole } from './task-console';
import type { TaskContext } from './task-context';

/** What is around a task, whether it has a process of its own or shares one with others. */
export interface TaskSurroundings {
  facts: RunFacts;
  interruption: Interruption;
  console: TaskConsole;
  env: NodeJS.ProcessEnv;
  cargo: TaskContext['cargo'];
  /** Variables that are not the same for all tasks of the batch. */
  differing?: readonly string[];
}
