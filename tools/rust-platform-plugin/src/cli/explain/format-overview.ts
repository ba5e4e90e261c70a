import { createColors } from 'picocolors';
import { formatTable } from '../../results/format-table';
import type { Explanation } from './explanation';
import type { Unsettled } from './unsettled';
import { momentText } from './moments';

export interface Overview {
  /** `the last run (…)`, or a project. */
  title: string;
  explanations: readonly Explanation[];
  unsettled: readonly Unsettled[];
  notes: readonly string[];
}

export interface OverviewFormat {
  width?: number | undefined;
  colour: boolean;
  now: Date;
  /** With the moment of each run: where the tasks are not of one. */
  moments: boolean;
}

/** Several tasks, one line each: what ran comes first. */
export function formatOverview(overview: Overview, { width, colour, now, moments }: OverviewFormat): string {
  const colours = createColors(colour);
  const rows = [...overview.explanations].sort((a, b) => rank(a) - rank(b) || (a.task < b.task ? -1 : 1));
  const paint = (text: string, { outcome }: Explanation) =>
    outcome === 'hit' ? colours.green(text) : outcome === 'miss' ? colours.yellow(text) : colours.dim(text);
  const table = formatTable<Explanation>(
    [
      { title: 'task', text: ({ task }) => task },
      { title: 'cache', text: resultText, paint },
      ...(moments
        ? [{ title: 'run', text: ({ run }: Explanation) => (run ? momentText(run.startedAt, now) : '') }]
        : []),
      { title: 'why', text: ({ why }) => why },
    ],
    rows,
    { width, indent: '  ', paintTitle: colours.dim },
  );
  const learn = [...new Set(overview.unsettled.flatMap((one) => one.learn))].sort();
  return [
    colours.bold(`${overview.title}: ${tally(rows)}`),
    ...(rows.length > 0 ? ['', ...table] : []),
    ...section('Never reused', byReason(overview.unsettled)),
    ...(learn.length > 0 ? [`  fix: rust-platform learn ${learn.join(' ')}`] : []),
    ...section('Notes', overview.notes),
    '',
  ].join('\n');
}

/** A crate below others is the reason of them all. */
function byReason(unsettled: readonly Unsettled[]): string[] {
  const projects = new Map<string, string[]>();
  for (const { project, reasons } of unsettled) {
    for (const reason of reasons) projects.set(reason, [...(projects.get(reason) ?? []), project]);
  }
  return [...projects].map(([reason, names]) => `${names.join(', ')}: ${reason}`);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function rank({ outcome, status }: Explanation): number {
  if (outcome === 'miss') return status === 'failure' ? 0 : 1;
  return outcome === 'hit' ? 2 : outcome === 'never-cached' ? 3 : 4;
}

function resultText({ outcome, cache, status }: Explanation): string {
  if (outcome === 'hit') return `hit (${cache})`;
  if (outcome === 'no-record') return 'no run';
  const end = status === 'failure' ? ', failed' : '';
  return `${outcome === 'miss' ? 'miss' : 'always runs'}${end}`;
}

function tally(rows: readonly Explanation[]): string {
  const count = (outcome: Explanation['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  const parts = [
    `${count('hit')} ${count('hit') === 1 ? 'hit' : 'hits'}`,
    `${count('miss')} ${count('miss') === 1 ? 'miss' : 'misses'}`,
    ...(count('never-cached') > 0 ? [`${count('never-cached')} that always run`] : []),
  ];
  return parts.join(', ');
}
