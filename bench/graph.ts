/**
 * What the plugin costs Nx: `nx show projects` in generated Cargo workspaces with this plugin, with an empty one that is
 * installed the same way, and with `plugins: []`, in turn in the same run; and the plugin's own work inside a process.
 * Arguments: `--crates 10,100,400`, `--runs 5`. Needs nothing but Nx and cargo.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EMPTY_PLUGIN } from './fixtures/empty-plugin';
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

const KINDS = ['plugin', 'empty', 'none'] as const;
type Kind = (typeof KINDS)[number];
const PLUGINS: Record<Kind, PluginChoice> = {
  plugin: 'rust-platform-plugin',
  empty: EMPTY_PLUGIN,
  none: 'none',
};
type State = 'cold' | 'warm' | 'daemon';
type Workspaces = Record<Kind, MeasuredWorkspace>;

async function main(): Promise<void> {
  const rows: Row[] = [];
  for (const crates of sizes) {
    const make = (kind: Kind): MeasuredWorkspace =>
      measuredWorkspace(`graph-${kind}`, PLUGINS[kind], (root) => layeredCrates(root, crates));
    const workspaces: Workspaces = { plugin: make('plugin'), empty: make('empty'), none: make('none') };
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
  const times: Record<Kind, number[]> = { plugin: [], empty: [], none: [] };
  for (let run = state === 'cold' ? 1 : 0; run <= runs; run += 1) {
    for (const kind of KINDS) {
      const workspace = workspaces[kind];
      if (state === 'cold') workspace.forget();
      const took = await show(workspace, kind === 'plugin' ? crates : 0, state === 'daemon');
      // The first of the others fills the caches.
      if (run > 0) times[kind].push(took);
    }
  }
  const [plugin, empty, none] = KINDS.map((kind) => Math.round(median(times[kind]))) as [
    number,
    number,
    number,
  ];
  progress(`${crates} crates, ${state}: ${plugin} / ${empty} / ${none} ms`);
  return {
    crates,
    state,
    pluginMs: plugin,
    emptyMs: empty,
    noneMs: none,
    toEmpty: ratio(plugin, empty),
    toNone: ratio(plugin, none),
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
