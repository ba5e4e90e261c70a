import { createColors } from 'picocolors';
import { formatDuration } from './format-duration';
import { formatTable, type Column } from './format-table';
import type { RunSummary, SummaryRow } from './summary';

export interface SummaryFormat {
  /** Characters of a line; default unlimited, as in a pipe. */
  width?: number;
  colour?: boolean;
  /** Where the summary itself was written, relative to the workspace root. */
  files?: readonly string[];
}

type Colours = ReturnType<typeof createColors>;

/** The closing summary: verdict, one line per service and step, what failed, what was left out, where the reports are. */
export function formatSummary(summary: RunSummary, format: SummaryFormat = {}): string {
  const colours = createColors(format.colour ?? false);
  const blocks = [
    [titleLine(summary, colours)],
    tableLines(summary, format, colours),
    section('Failed', failureLines(summary), colours),
    section('Skipped, not checked or degraded', noteLines(summary), colours),
    section('Reports', reportLines(summary, format.files ?? []), colours),
  ];
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `\n${text.join('\n\n')}\n`;
}

function titleLine(summary: RunSummary, colours: Colours): string {
  const { name, verdict, exitCode, durationMs, rows } = summary;
  const paint =
    verdict === 'passed' ? colours.green : verdict === 'not judged' ? colours.yellow : colours.red;
  const cached = rows.filter(isHit).length;
  const parts = [
    paint(verdict) + (exitCode === 0 ? '' : ` (exit code ${exitCode})`),
    formatDuration(durationMs),
    rows.length === 0 ? 'no tasks' : `${count(rows.length, 'task')}, ${cached} from the cache`,
  ];
  return `${colours.bold(`rust-platform ${name}`)}: ${parts.join(' · ')}`;
}

function tableLines({ rows }: RunSummary, { width }: SummaryFormat, colours: Colours): string[] {
  if (rows.length === 0) return [];
  const columns: Column<SummaryRow>[] = [
    { title: 'project', text: ({ project }) => project },
    { title: 'step', text: stepOf },
    {
      title: 'result',
      text: ({ result }) => result.replace('-', ' '),
      paint: (text, row) => paintResult(text, row, colours),
    },
    { title: 'time', text: ({ durationMs }) => formatDuration(durationMs), align: 'right' },
    { title: 'cache', text: cacheWord },
    { title: 'figures', text: ({ headline }) => headline },
  ];
  return formatTable(columns, rows, { width, indent: '  ', paintTitle: colours.dim });
}

/** With the configuration, when there is one: `build:fast`. */
export function stepOf({ id, project }: SummaryRow): string {
  return id.startsWith(`${project}:`) ? id.slice(project.length + 1) : id;
}

export function cacheWord(row: SummaryRow): string {
  if (row.cache === 'local') return 'cache hit';
  return row.cache === 'remote' ? 'remote cache hit' : '-';
}

function isHit({ cache }: SummaryRow): boolean {
  return cache !== 'miss';
}

function paintResult(text: string, row: SummaryRow, colours: Colours): string {
  if (row.exitCode !== 0) return row.exitCode === 3 ? colours.yellow(text) : colours.red(text);
  return row.result === 'passed' ? colours.green(text) : colours.yellow(text);
}

function failureLines({ rows, problems }: RunSummary): string[] {
  const failed = rows.filter(
    ({ exitCode, error, result }) =>
      exitCode !== 0 && result !== 'interrupted' && (error !== undefined || result === 'failed'),
  );
  return [...problems.flatMap((problem) => problem.split('\n')), ...failed.flatMap(failureOf)];
}

function failureOf(row: SummaryRow): string[] {
  const name = `${row.project} ${stepOf(row)}`;
  if (!row.error) return [`${name}: ${row.headline || `exit code ${row.exitCode}`}`];
  const { code, what, why, fix } = row.error;
  return [
    ...indented(`${name}: error[${code}]: `, what),
    ...(why ? indented('  why: ', why) : []),
    ...fix.flatMap((way) => indented('  fix: ', way)),
  ];
}

/** Continuation lines stand under the first character after the label, or under the label when that would be far right. */
function indented(label: string, text: string): string[] {
  const [first = '', ...rest] = text.split('\n');
  const space = ' '.repeat(Math.min(label.length, 7));
  return [label + first, ...rest.map((line) => space + line)];
}

/** What several projects have in common is said once: `links, gateway audit: not checked: …`. */
export function noteLines({ rows, notes }: RunSummary): string[] {
  const projects = new Map<string, string[]>();
  for (const row of rows) {
    for (const note of notesOf(row).filter((text) => !isToldByStep(text, row, rows))) {
      const text = `${stepOf(row)}: ${note}`;
      projects.set(text, [...(projects.get(text) ?? []), row.project]);
    }
  }
  const ofRows = [...projects].map(([text, names]) => `${[...new Set(names)].join(', ')} ${text}`);
  return [...new Set([...notes, ...ofRows])];
}

/** An aggregate repeats what its steps say, as `<step>: <note>`; the step that has a row of its own says it. */
function isToldByStep(note: string, aggregate: SummaryRow, rows: readonly SummaryRow[]): boolean {
  const steps = rows.filter((row) => row !== aggregate && row.project === aggregate.project);
  return steps.some((step) =>
    notesOf(step).some((text) => `: ${note}`.endsWith(`: ${stepOf(step)}: ${text}`)),
  );
}

function notesOf(row: SummaryRow): string[] {
  if (row.notes.length > 0 || !isLeftOut(row)) return row.notes;
  const word = row.result.replace('-', ' ');
  if (row.headline === '' || row.headline.startsWith(word)) return [row.headline || word];
  return [`${word}: ${row.headline}`];
}

function isLeftOut({ result }: SummaryRow): boolean {
  return result === 'skipped' || result === 'not-checked' || result === 'degraded';
}

function reportLines({ rows }: RunSummary, files: readonly string[]): string[] {
  const own = rows
    .map((row) => row.files.filter((file) => !files.includes(file)))
    .filter((list) => list.length > 0);
  const lines = files.length > 0 ? [files.join(', ')] : [];
  return [...new Set([...lines, ...own.map((list) => list.join(', '))])];
}

function section(title: string, lines: readonly string[], colours: Colours): string[] {
  return lines.length === 0 ? [] : [colours.bold(title), ...lines.map((line) => `  ${line}`)];
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
