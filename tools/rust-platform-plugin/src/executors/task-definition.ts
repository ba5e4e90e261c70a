import type { Outcome, TaskContext } from './task-context';

/** An executor, without the task that it runs for. */
export interface TaskDefinition {
  /** Name in messages and of the report, unless Nx runs the executor under another target name. */
  target: string;
  /** Content of its schema.json: options are checked again, because Nx checks only a part. */
  schema?: object;
  /** The work runs cargo (default), so a problem of the crate's Cargo files or toolchain ends it before it starts. */
  needsCargo?: boolean;
  /** A signal is the usual end of this task: a good outcome stands although one came. */
  endsBySignal?: boolean;
  work: (task: TaskContext) => Promise<Outcome>;
}
