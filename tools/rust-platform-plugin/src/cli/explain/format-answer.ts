import type { Answer } from './answer';
import { formatExplanation } from './format-explanation';
import { formatOverview } from './format-overview';
import { momentText } from './moments';

export function formatAnswer(
  answer: Answer,
  format: { width: number | undefined; colour: boolean; key: boolean; now: Date },
): string {
  const { isOverview, run, projects = [], tasks, unsettled, notes } = answer;
  if (!isOverview) return tasks.map((task) => formatExplanation(task, format)).join('\n');
  const moment = run && `Last run (${momentText(run.startedAt, format.now)}, ${run.command ?? ''})`;
  const title = moment ?? (projects.length > 0 ? projects.join(', ') : 'No run');
  return formatOverview({ title, explanations: tasks, unsettled, notes }, { ...format, moments: !run });
}
