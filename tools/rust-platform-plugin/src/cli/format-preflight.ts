import { createColors } from 'picocolors';
import { formatError } from '../errors';
import type { CheckResult, PreflightReport } from '../engines/preflight/preflight-types';

/** One report with every problem and its fix; with `all`, what is in order as well. */
export function formatPreflight(report: PreflightReport, format: { all: boolean; colour: boolean }): string {
  const { checks } = report;
  const colours = createColors(format.colour);
  const marks = { ok: colours.green('ok'), note: colours.yellow('note'), problem: colours.red('problem') };
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  const line = ({ name, state, detail }: CheckResult) =>
    `  ${marks[state]}${' '.repeat(9 - state.length)}${name.padEnd(width)}  ${detail}`;
  const problems = [
    ...new Set(checks.flatMap((check) => (check.state === 'problem' ? [formatError(check.error)] : []))),
  ];
  const listed = format.all ? checks : checks.filter(({ state }) => state === 'note');
  return [
    ...listed.map(line),
    ...problems,
    ...(problems.length > 0
      ? [`${problems.length === 1 ? '1 problem' : `${problems.length} problems`}, nothing was started`]
      : []),
  ].join('\n');
}

/** What the closing summary says of a run that went on: each degradation, one sentence. */
export function preflightNotes({ checks }: PreflightReport): string[] {
  return checks.flatMap(({ name, state, detail }) => (state === 'note' ? [`${name}: ${detail}`] : []));
}
