import { cpus, loadavg } from 'node:os';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

export function ratio(value: number, base: number): number {
  return Math.round((value / base) * 100) / 100;
}

export type Row = Record<string, string | number>;

const loadAtStart = loadavg()[0] ?? 0;

/** The table for people, then one line of JSON. The load before the run tells whether the figures are worth anything. */
export function reportFigures(
  measurement: string,
  figures: Record<string, unknown>,
  rows: readonly Row[],
): void {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  console.log('');
  for (const line of cells) {
    console.log(
      line
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
        .join('  '),
    );
  }
  const machine = {
    node: process.version,
    cores: cpus().length,
    loadBefore: Math.round(loadAtStart * 10) / 10,
  };
  console.log(JSON.stringify({ measurement, ...machine, ...figures, rows }));
}

/** What goes wrong is named, and the measurement goes on: a peer that is missing is a result as well. */
export function progress(line: string): void {
  console.error(`  ${line}`);
}
