/** The task graph of a run before it starts, in an order in which the tasks can run. */
export interface TaskPlan {
  tasks: PlannedTask[];
}

export interface PlannedTask {
  id: string;
  project: string;
  target: string;
  /** e.g. `rust-platform-plugin:build` or `nx:noop`. */
  executor: string | undefined;
  cache: boolean;
  continuous: boolean;
  /** Ids of the tasks that it waits for, continuous ones included. */
  dependsOn: string[];
}

/** Executors of this plugin leave a task report; others are judged by what Nx says of them. */
export function leavesTaskReport(task: Pick<PlannedTask, 'executor'> | undefined): boolean {
  return task?.executor?.startsWith('rust-platform-plugin:') ?? false;
}
