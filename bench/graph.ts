/**
 * What the plugin costs Nx: `nx show projects` in generated Cargo workspaces with this plugin, with one that says the same without
 * looking at anything (what Nx itself needs for so many projects and targets), with an empty one, and with `plugins: []`, in turn in
 * the same run; all installed the same way. And the plugin's own work inside a process.
 * Arguments: `--crates 10,100,400`, `--runs 5`. Needs nothing but Nx and cargo.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EMPTY_PLUGIN, repeatingPlugin } from './fixtures/empty-plugin';
import { layeredCrates } from './fixtures/layered-crates';
import { median, progress, ratio, reportFigures, type Row } from './measuring/figures';
import { measuredWorkspace, type MeasuredWorkspace, type PluginChoice } from './measuring/measured-workspace';

const { values } = parseArgs({
  options: { crates: { type: 'string', default: '10,100,400' }, runs: { type: 'string', default: '5' } },
});
const sizes = values.crates.split(',').map(Number);
const runs = Number(values.runs);
if (sizes.some((size) => !(size > 0)) || !(runs >= 2)) {
  console.error('usage: npm run measure -- graph [--crates 10,100,400] [--runs 5]   (at least 2 runs)');
  process.exit(2);
}

const KINDS = ['plugin', 'repeated', 'empty', 'none'] as const;
type Kind = (typeof KINDS)[number];
type State = 'cold' | 'warm' | 'daemon';
type Workspaces = Record<Kind, MeasuredWorkspace>;

async function main(): Promise<void> {
  const rows: Row[] = [];
  for (const crates of sizes) {
    const make = (kind: Kind, choice: PluginChoice): MeasuredWorkspace =>
      measuredWorkspace(`graph-${kind}`, choice, (root) => layeredCrates(root, crates));
    const plugin = make('plugin', 'rust-platform-plugin');
    const workspaces: Workspaces = {
      plugin,
      repeated: make('repeated', repeatingPlugin(inferred(plugin))),
      empty: make('empty', EMPTY_PLUGIN),
      none: make('none', 'none'),
    };
    try {
      for (const state of ['cold', 'warm', 'daemon'] as const)
        rows.push(await measure(workspaces, crates, state));
      rows.push(ownWork(workspaces.plugin, crates));
    } finally {
      for (const kind of KINDS) await workspaces[kind].remove();
    }
  }
  reportFigures('graph', { runs }, rows);
}

/** Cold: without caches, graph and what the plugin remembers. Warm: with them. Daemon: warm, and it has the graph. */
async function measure(workspaces: Workspaces, crates: number, state: State): Promise<Row> {
  const times: Record<Kind, number[]> = { plugin: [], repeated: [], empty: [], none: [] };
  for (let run = state === 'cold' ? 1 : 0; run <= runs; run += 1) {
    for (const kind of KINDS) {
      const workspace = workspaces[kind];
      if (state === 'cold') workspace.forget();
      const expected = kind === 'plugin' || kind === 'repeated' ? crates : 0;
      const took = await show(workspace, expected, state === 'daemon');
      // The first of the others fills the caches.
      if (run > 0) times[kind].push(took);
    }
  }
  const of = (kind: Kind): number => Math.round(median(times[kind]));
  progress(`${crates} crates, ${state}: ${KINDS.map(of).join(' / ')} ms`);
  return {
    crates,
    state,
    pluginMs: of('plugin'),
    repeatedMs: of('repeated'),
    emptyMs: of('empty'),
    noneMs: of('none'),
    toRepeated: ratio(of('plugin'), of('repeated')),
    toEmpty: ratio(of('plugin'), of('empty')),
    toNone: ratio(of('plugin'), of('none')),
  };
}

async function show(workspace: MeasuredWorkspace, expected: number, daemon: boolean): Promise<number> {
  const { wallMs, exitCode, stdout, stderr } = await workspace.nx(
    ['show', 'projects'],
    daemon ? { NX_DAEMON: 'true' } : {},
  );
  const found = stdout.split('\n').filter((line) => line.startsWith('crate-')).length;
  if (exitCode !== 0 || found !== expected)
    throw new Error(`${found} projects instead of ${expected}:\n${stdout}${stderr}`);
  return wallMs;
}

/** What the plugin tells Nx of a workspace, as text. */
function inferred({ root }: MeasuredWorkspace): string {
  const script = join(__dirname, 'measuring', 'own-work.cjs');
  return execFileSync(process.execPath, [script, 'inferred'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
}

/** As Nx calls the plugin in a new process and, with the daemon, in one that did the same before. */
function ownWork({ root }: MeasuredWorkspace, crates: number): Row {
  const script = join(__dirname, 'measuring', 'own-work.cjs');
  const measureOnce = (): { loadMs: number; firstMs: number; laterMs: number } =>
    JSON.parse(execFileSync(process.execPath, [script], { cwd: root, encoding: 'utf8' })) as ReturnType<
      typeof measureOnce
    >;
  measureOnce();
  const all = Array.from({ length: runs }, measureOnce);
  const of = (key: keyof (typeof all)[number]): number => Math.round(median(all.map((each) => each[key])));
  const row = {
    crates,
    state: 'own work',
    loadMs: of('loadMs'),
    firstMs: of('firstMs'),
    laterMs: of('laterMs'),
  };
  progress(`${crates} crates, own work: load ${row.loadMs}, first ${row.firstMs}, later ${row.laterMs} ms`);
  return row;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
