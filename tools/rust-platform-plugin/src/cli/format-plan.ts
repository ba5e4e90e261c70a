import { formatTable } from '../results/format-table';
import type { PlannedTask, TaskPlan } from '../results/task-plan';
import type { ResolvedRun } from './run-request';

/** What a run would do, in an order in which it can happen. Nothing has been started. */
export function formatPlan(plan: TaskPlan, run: Pick<ResolvedRun, 'commandLine' | 'target'>): string {
  const tasks = plan.tasks.filter(({ executor }) => executor !== 'nx:noop');
  const head = `Plan of ${run.target}: ${run.commandLine}`;
  if (tasks.length === 0) return `${head}\n\nNothing to do: no project has a target ${run.target}\n`;
  const rows = tasks.map((task, at) => ({ number: at + 1, task }));
  const table = formatTable<{ number: number; task: PlannedTask }>(
    [
      { title: '', text: ({ number }) => String(number), align: 'right' },
      { title: 'task', text: ({ task }) => task.id },
      { title: 'cache', text: ({ task }) => (task.cache ? 'cached when nothing changed' : 'always runs') },
      { title: 'after', text: ({ task }) => task.dependsOn.join(', ') },
    ],
    rows,
    { indent: '  ' },
  );
  return `${head}\n\n${table.join('\n')}\n\nNothing was started (--dry-run)\n`;
}
