import { join } from 'node:path';
import { formatDuration } from './format-duration';
import { cacheWord, noteLines, stepOf } from './format-summary';
import { formatJunit, type JunitCase, type JunitSuite } from './junit';
import type { RunSummary, SummaryRow } from './summary';
import { writeFileAtomically, writeJsonAtomically } from './write-file';

/** Writes `<reports>/<name>.{json,md,xml}`; resolves with the three paths relative to the workspace root. */
export async function writeSummary(
  workspaceRoot: string,
  reportsDirectory: string,
  summary: RunSummary,
): Promise<string[]> {
  const base = `${reportsDirectory}/${summary.name.replace(/[^A-Za-z0-9._+-]/g, '-')}`;
  const files = [`${base}.md`, `${base}.json`, `${base}.xml`] as const;
  await Promise.all([
    writeFileAtomically(join(workspaceRoot, files[0]), summaryMarkdown(summary)),
    writeJsonAtomically(join(workspaceRoot, files[1]), summary),
    writeFileAtomically(join(workspaceRoot, files[2]), formatJunit(summarySuites(summary))),
  ]);
  return [...files];
}

export function summaryMarkdown(summary: RunSummary): string {
  const { name, verdict, exitCode, durationMs, startedAt, rows, command } = summary;
  const notes = noteLines(summary);
  const lines = [
    `# ${name}: ${verdict}`,
    '',
    `Exit code ${exitCode}, ${formatDuration(durationMs)}, started ${startedAt}, run \`${summary.runId}\`.`,
    ...(command ? ['', '```sh', command, '```'] : []),
    '',
    '| project | step | result | time | cache | figures |',
    '| --- | --- | --- | ---: | --- | --- |',
    ...rows.map(markdownRow),
    ...(summary.problems.length > 0 ? ['', '## Failed', '', ...summary.problems.map(bullet)] : []),
    ...(notes.length > 0 ? ['', '## Skipped, not checked or degraded', '', ...notes.map(bullet)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function markdownRow(row: SummaryRow): string {
  const cells = [row.project, stepOf(row), row.result.replace('-', ' '), formatDuration(row.durationMs)];
  return `| ${[...cells, cacheWord(row), row.headline].map(markdownCell).join(' | ')} |`;
}

function markdownCell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}

function bullet(text: string): string {
  return `- ${text.replace(/\s+/g, ' ')}`;
}

/** One suite per project, one case per step. */
export function summarySuites(summary: RunSummary): JunitSuite[] {
  const projects = [...new Set(summary.rows.map(({ project }) => project))];
  return projects.map((project) => {
    const rows = summary.rows.filter((row) => row.project === project);
    return {
      name: project,
      timestamp: summary.startedAt,
      durationMs: rows.reduce((sum, row) => sum + (row.durationMs ?? 0), 0),
      cases: rows.map((row) => summaryCase(summary.name, row)),
    };
  });
}

function summaryCase(run: string, row: SummaryRow): JunitCase {
  return {
    name: stepOf(row),
    classname: `${run}.${row.project}`,
    durationMs: row.durationMs ?? 0,
    status: caseStatus(row),
    message: row.error?.what ?? (row.headline || row.notes[0]),
    details: row.error ? [row.error.why, ...row.error.fix].filter(Boolean).join('\n') : undefined,
    output: row.headline || undefined,
  };
}

function caseStatus({ result, exitCode }: SummaryRow): JunitCase['status'] {
  if (result === 'no-result') return 'error';
  if (exitCode !== 0) return 'failed';
  return result === 'passed' || result === 'degraded' ? 'passed' : 'skipped';
}
