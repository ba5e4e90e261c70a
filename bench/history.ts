/**
 * What the keys of a Cargo workspace would have done over its history: `npm run measure -- history <repository>
 * [--commits 200]`. For each first-parent commit that changes a Cargo.lock, the keys of all members before and after are
 * held against an independent reading of the same files. Reads git objects only: no network, no cargo, nothing is compiled.
 */
import { parseArgs } from 'node:util';
import { CUTS } from './history/compare-states';
import { formatFindings, formatSummary, summarize, type ReplaySummary } from './history/format-replay';
import { replay } from './history/replay';

const { values, positionals } = parseArgs({
  options: { commits: { type: 'string', default: '100' } },
  allowPositionals: true,
});
const count = Number(values.commits);
if (positionals.length === 0 || !Number.isInteger(count) || count < 1) {
  console.error('usage: npm run measure -- history <repository> … [--commits 100]   (clones, bare or not)');
  process.exit(2);
}

async function main(): Promise<void> {
  const rows: ReplaySummary[] = [];
  for (const repository of positionals) {
    const result = await replay(repository, count);
    const summary = summarize(result);
    rows.push(summary);
    console.log([`\n${repository}`, ...formatSummary(summary), ...formatFindings(result.commits)].join('\n'));
  }
  console.log(JSON.stringify({ measurement: 'history', node: process.version, rows }));
  const wrong = rows.some(
    (row) => row.commits === 0 || CUTS.some((cut) => row[cut].stale + row[cut].needless > 0),
  );
  process.exitCode = wrong ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
