import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FreshResult } from './fresh/run-fresh';
import { isGood, type RowResult } from './row-result';
import type { MatrixResult } from './run-matrix';

export interface Verdict {
  matrix: MatrixResult;
  fresh: FreshResult[];
  startedAt: Date;
}

const WORKSPACE = join(__dirname, '..', '..', '..');
/** Ids of tasks that are named in a row of the table. */
const SHOWN = 6;

/** stale: an old result was or can be taken; needless: work was done again for nothing. */
export function totalsOf({ matrix, fresh }: Verdict) {
  const count = (pick: (row: RowResult) => string[]) =>
    matrix.rows.reduce((sum, row) => sum + pick(row).length, 0);
  return {
    rows: matrix.rows.length,
    good: matrix.rows.filter(isGood).length,
    mustMiss: matrix.rows.reduce((sum, { mustMiss }) => sum + mustMiss, 0),
    mustHit: matrix.rows.reduce((sum, { mustHit }) => sum + mustHit, 0),
    stale: count(({ stale, staleAlone }) => [...stale, ...staleAlone]),
    needless: count(({ needless }) => needless),
    unsteady: count(({ unsteady }) => unsteady),
    notRun: matrix.rows.filter(({ error }) => error !== undefined).length,
    faults: matrix.faults.length,
    freshRows: fresh.length,
    freshWrong: fresh.filter(({ problems }) => problems.length > 0).length,
  };
}

export function headlineOf(verdict: Verdict): string {
  const { rows, mustMiss, mustHit, stale, needless, unsteady, notRun, freshRows, freshWrong } =
    totalsOf(verdict);
  const others = [
    ...(unsteady > 0 ? [`unsteady ${unsteady}`] : []),
    ...(notRun > 0 ? [`${notRun} rows not run`] : []),
    ...verdict.matrix.faults.slice(0, 3),
  ];
  const matrix = `${rows} changes, ${mustMiss} must miss, ${mustHit} must hit: stale ${stale}, needless ${needless}`;
  const fresh =
    freshRows > 0
      ? [`real cargo: ${freshRows - freshWrong} of ${freshRows} results are those of a fresh build`]
      : [];
  return [matrix, ...others, ...fresh].join('; ');
}

export function isVerdictGood(verdict: Verdict): boolean {
  const { rows, good, faults, freshWrong } = totalsOf(verdict);
  return rows + verdict.fresh.length > 0 && good === rows && faults === 0 && freshWrong === 0;
}

/** `reports/rust-platform-plugin/mutations.{json,md,txt}`. */
export async function writeReport(verdict: Verdict): Promise<string[]> {
  const folder = join(WORKSPACE, 'reports', 'rust-platform-plugin');
  await mkdir(folder, { recursive: true });
  const files = { json: asJson(verdict), md: asMarkdown(verdict), txt: asText(verdict) };
  for (const [ending, text] of Object.entries(files)) {
    await writeFile(join(folder, `mutations.${ending}`), text);
  }
  return Object.keys(files).map((ending) => `reports/rust-platform-plugin/mutations.${ending}`);
}

function asJson(verdict: Verdict): string {
  const success = isVerdictGood(verdict);
  const report = {
    schemaVersion: 1,
    project: 'rust-platform-plugin',
    target: 'mutations',
    runId: process.env['RUST_PLATFORM_RUN_ID'] ?? 'direct',
    status: success ? 'passed' : 'failed',
    exitCode: success ? 0 : 1,
    headline: headlineOf(verdict),
    notes: verdict.matrix.faults,
    startedAt: verdict.startedAt.toISOString(),
    durationMs: Date.now() - verdict.startedAt.getTime(),
    files: ['md', 'txt'].map((ending) => `reports/rust-platform-plugin/mutations.${ending}`),
    data: { totals: totalsOf(verdict), rows: verdict.matrix.rows, fresh: verdict.fresh },
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function asMarkdown(verdict: Verdict): string {
  const rows = verdict.matrix.rows.map((row) =>
    cells([
      row.section,
      row.name,
      row.mustMiss,
      row.mustHit,
      shown(stalenessOf(row)),
      shown(row.needless),
      verdictOf(row),
    ]),
  );
  const fresh = verdict.fresh.map(({ target, name, problems }) =>
    cells([target, name, problems.length === 0 ? 'as a fresh build' : problems.join('; ').slice(0, 400)]),
  );
  return [
    '# Mutation matrix\n',
    `${headlineOf(verdict)}\n`,
    ...verdict.matrix.faults.map((fault) => `- ${fault}`),
    '| part | change | must miss | must hit | stale | needless | |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '\n| target | what cargo does not see | result |',
    '|---|---|---|',
    ...fresh,
    '',
  ].join('\n');
}

export function asText(verdict: Verdict): string {
  return [
    ...verdict.matrix.faults.map((fault) => `fault: ${fault}`),
    ...verdict.matrix.rows.flatMap(rowText),
    ...verdict.fresh.flatMap(freshText),
    headlineOf(verdict),
    '',
  ].join('\n');
}

export function rowText(row: RowResult): string[] {
  const { section, name, mustMiss, mustHit } = row;
  const details = (['stale', 'staleAlone', 'needless', 'unsteady'] as const)
    .filter((key) => row[key].length > 0)
    .map((key) => `    ${TITLES[key]}: ${row[key].join(' ')}`);
  const error = row.error === undefined ? [] : [`    error: ${row.error}`];
  return [
    `${isGood(row) ? '✓' : '✗'} ${section}: ${name} (${mustMiss} miss, ${mustHit} hit)`,
    ...details,
    ...error,
  ];
}

export function freshText({ target, name, problems }: FreshResult): string[] {
  return [
    `${problems.length === 0 ? '✓' : '✗'} real cargo: ${target}, ${name}`,
    ...problems.map((text) => `    ${text}`),
  ];
}

const TITLES = {
  stale: 'stale',
  staleAlone: 'stale with --exclude-task-dependencies',
  needless: 'needless',
  unsteady: 'no hit after the change was taken back',
};

function stalenessOf({ stale, staleAlone }: RowResult): string[] {
  return [...new Set([...stale, ...staleAlone])];
}

function verdictOf(row: RowResult): string {
  if (row.error !== undefined) return row.error.split('\n')[0] ?? 'not run';
  return isGood(row) ? 'ok' : row.unsteady.length > 0 ? `unsteady: ${shown(row.unsteady)}` : 'wrong';
}

function shown(ids: string[]): string {
  if (ids.length === 0) return '0';
  return `${ids.length}: ${ids.slice(0, SHOWN).join(' ')}${ids.length > SHOWN ? ' …' : ''}`;
}

function cells(values: Array<string | number>): string {
  return `| ${values.map((value) => String(value).replaceAll('|', '\\|')).join(' | ')} |`;
}
