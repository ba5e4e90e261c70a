/**
 * What the plugin costs Nx: `nx show projects` without daemon in generated Cargo workspaces, with the plugin against no
 * plugin at all, in turn in the same run. Arguments: `--crates 10,100`, `--runs 5`. Needs nothing but Nx and cargo.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { crates: { type: 'string', default: '10,100' }, runs: { type: 'string', default: '5' } },
});
const sizes = values.crates.split(',').map(Number);
const runs = Number(values.runs);
if (sizes.some((size) => !(size > 0)) || !(runs >= 2)) {
  console.error('usage: npm run measure -- graph [--crates 10,100] [--runs 5]   (at least 2 runs)');
  process.exit(2);
}

interface Row {
  crates: number;
  withPluginMs: number;
  withoutMs: number;
  ratio: number;
}

const rows = sizes.map(measure);
console.log('\ncrates  with plugin  plugins: []  ratio (medians, warm)');
for (const { crates, withPluginMs, withoutMs, ratio } of rows) {
  console.log(
    `${String(crates).padStart(6)}  ${`${withPluginMs} ms`.padStart(11)}  ${`${withoutMs} ms`.padStart(11)}  ${ratio.toFixed(2)}`,
  );
}
console.log(JSON.stringify({ measurement: 'graph', node: process.version, runs, rows }));

function measure(crates: number): Row {
  const folder = mkdtempSync(join(tmpdir(), 'rp-measure-graph-'));
  try {
    generate(folder, crates);
    const times: Record<'plugin' | 'none', number[]> = { plugin: [], none: [] };
    for (let run = 0; run <= runs; run += 1) {
      for (const kind of ['plugin', 'none'] as const) {
        writeNxJson(folder, kind === 'plugin');
        const took = time(folder, kind === 'plugin' ? crates : 0);
        // The first pair fills the caches of both.
        if (run > 0) times[kind].push(took);
      }
    }
    const [withPluginMs, withoutMs] = [median(times.plugin), median(times.none)];
    return { crates, withPluginMs, withoutMs, ratio: withPluginMs / withoutMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function generate(folder: string, crates: number): void {
  const names = Array.from({ length: crates }, (_, index) => `crate-${index}`);
  writeFileSync(join(folder, 'package.json'), '{ "name": "measure", "private": true }');
  symlinkSync(join(__dirname, '..', 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'Cargo.toml'),
    `[workspace]\nresolver = "3"\nmembers = [${names.map((name) => `"crates/${name}"`).join(', ')}]\n`,
  );
  names.forEach((name, index) => {
    const root = join(folder, 'crates', name);
    mkdirSync(join(root, 'src'), { recursive: true });
    const dependencies = [index - 1, Math.floor(index / 2)].filter((other) => other >= 0 && other < index);
    const lines = [...new Set(dependencies)].map(
      (other) => `crate-${other} = { path = "../crate-${other}" }`,
    );
    writeFileSync(
      join(root, 'Cargo.toml'),
      `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n${lines.join('\n')}\n`,
    );
    writeFileSync(join(root, 'src', 'lib.rs'), 'pub fn nothing() {}\n');
  });
  execFileSync('cargo', ['generate-lockfile', '--offline'], { cwd: folder, stdio: 'ignore' });
}

function writeNxJson(folder: string, withPlugin: boolean): void {
  const plugins = withPlugin ? [{ plugin: 'rust-platform-plugin' }] : [];
  writeFileSync(
    join(folder, 'nx.json'),
    JSON.stringify({ neverConnectToCloud: true, analytics: false, plugins }),
  );
}

function time(folder: string, expected: number): number {
  const started = process.hrtime.bigint();
  const output = execFileSync(
    process.execPath,
    [join(folder, 'node_modules', '.bin', 'nx'), 'show', 'projects'],
    {
      cwd: folder,
      env: { ...process.env, NX_DAEMON: 'false', NX_CACHE_DIRECTORY: join(folder, '.nx', 'cache') },
      encoding: 'utf8',
    },
  );
  const found = output.split('\n').filter((line) => line.startsWith('crate-')).length;
  if (found !== expected)
    throw new Error(`${found} projects instead of ${expected}: the figure would mean nothing`);
  return Math.round(Number(process.hrtime.bigint() - started) / 1e6);
}

function median(values: number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
