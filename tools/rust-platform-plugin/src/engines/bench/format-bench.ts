import type { BenchResult } from './bench-result';
import { loadSeconds, type BenchSettings } from './bench-settings';
import type { LatencyFigures } from './latency-histogram';
import { errorCount } from './run-figures';

/** e.g. `41,200 req/s, p50 0.31 ms, p99 1.2 ms, 0 errors`. Figures only, no verdict. */
export function formatHeadline({ combined }: Pick<BenchResult, 'combined'>): string {
  const errors = errorCount(combined) + combined.unexpected;
  return [
    `${formatRate(combined.requestsPerSecond)} req/s`,
    `p50 ${formatMs(combined.latency?.p50)}`,
    `p99 ${formatMs(combined.latency?.p99)}`,
    `${formatCount(errors)} ${errors === 1 ? 'error' : 'errors'}`,
  ].join(', ');
}

/** Printed before anything starts. */
export function formatBudget(settings: BenchSettings): string {
  const { profile, connections, warmup, runs, duration } = settings;
  const total = loadSeconds(settings);
  return `profile ${profile}: ${connections} connections, warm-up ${warmup} s, ${runs} × ${duration} s = ${total} s of load`;
}

/** Aligned lines: every run, all runs together, and each scenario when there are several. */
export function formatTable(result: Pick<BenchResult, 'runs' | 'combined' | 'warmup'>): string[] {
  const { runs, combined, warmup } = result;
  const rows = [
    ['', 'requests', 'req/s', 'p50', 'p90', 'p99', 'p99.9', 'max', 'errors'],
    ...(warmup ? [runRow('warm-up', warmup)] : []),
    ...runs.map((run, index) => runRow(`run ${index + 1}`, run)),
    ...(runs.length > 1 ? [runRow('all runs', combined)] : []),
  ];
  if (combined.scenarios.length > 1) {
    for (const { name, requests, latency, unexpected } of combined.scenarios) {
      const rate = combined.seconds > 0 ? requests / combined.seconds : 0;
      rows.push([
        name,
        formatCount(requests),
        formatRate(rate),
        ...latencyCells(latency),
        formatCount(unexpected),
      ]);
    }
  }
  return align(rows);
}

/** `0.054 ms`, `0.31 ms`, `1.24 ms`, `12.4 ms`, `2,310 ms`. */
export function formatMs(microseconds: number | undefined): string {
  if (microseconds === undefined) return '–';
  const ms = microseconds / 1000;
  const digits = ms < 0.1 ? 3 : ms < 10 ? 2 : ms < 100 ? 1 : 0;
  return `${ms.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`;
}

function runRow(name: string, figures: BenchResult['combined']): string[] {
  const { requests, requestsPerSecond, latency, unexpected } = figures;
  const errors = formatCount(errorCount(figures) + unexpected);
  return [name, formatCount(requests), formatRate(requestsPerSecond), ...latencyCells(latency), errors];
}

function latencyCells(latency: LatencyFigures | undefined): string[] {
  return [latency?.p50, latency?.p90, latency?.p99, latency?.p999, latency?.max].map(formatMs);
}

function formatRate(rate: number): string {
  return rate >= 10 ? formatCount(Math.round(rate)) : rate.toFixed(1);
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

function align(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
