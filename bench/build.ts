/**
 * Release builds of 6 and 20 services upon one shared crate: `nx run-many -t build` against one
 * `cargo build --release -p … -p …`, cold and after one line in the shared crate, in turn. And `run-many -t build lint-rust test
 * --parallel=4`: how often cargo waited for a file lock, how many cargos compiled at the same time.
 * Arguments: `--services 6,20`, `--runs 2`. Needs crates.io. Compiles for many minutes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { services, SHARED_SOURCE, sharedSource } from './fixtures/services';
import { median, progress, ratio, reportFigures, type Row } from './measuring/figures';
import { measuredWorkspace, type MeasuredWorkspace } from './measuring/measured-workspace';
import { successfulCall, type Call } from './measuring/timed-call';
import { compilingCalls, cpuOf, mostAtOnce, watchCargo } from './measuring/watched-cargo';

const { values } = parseArgs({
  options: { services: { type: 'string', default: '6,20' }, runs: { type: 'string', default: '2' } },
});
const sizes = values.services.split(',').map(Number);
const runs = Number(values.runs);
if (sizes.some((size) => !(size > 0)) || !(runs > 0)) {
  console.error('usage: npm run measure -- build [--services 6,20] [--runs 2]');
  process.exit(2);
}

type State = 'cold' | 'one line changed';
type Times = Record<State, Record<'nx' | 'cargo', number[]>>;

async function main(): Promise<void> {
  const rows: Row[] = [];
  for (const size of sizes) rows.push(...(await measure(size)));
  reportFigures('build', { runs }, rows);
}

async function measure(size: number): Promise<Row[]> {
  let names: string[] = [];
  const make = (kind: 'rust-platform-plugin' | 'none'): MeasuredWorkspace =>
    measuredWorkspace('build', kind, (root) => void (names = services(root, size)));
  const [ours, plain] = [make('rust-platform-plugin'), make('none')];
  const times: Times = { cold: { nx: [], cargo: [] }, 'one line changed': { nx: [], cargo: [] } };
  const args = ['build', '--release', '--locked', ...names.map((name) => `-p=${name}`)];
  try {
    for (let run = 1; run <= runs; run += 1) {
      for (const state of ['cold', 'one line changed'] as const) {
        for (const workspace of [ours, plain]) {
          if (state === 'cold') workspace.forgetAll();
          else writeFileSync(join(workspace.root, SHARED_SOURCE), sharedSource(run));
        }
        const nx = await succeeded(ours.nx(['run-many', '-t', 'build', '-p', names.join(',')]));
        const cargo = await successfulCall('cargo', args, { cwd: plain.root });
        times[state].nx.push(nx.wallMs);
        times[state].cargo.push(cargo.wallMs);
        progress(`${size} services, ${state}: ${Math.round(nx.wallMs)} / ${Math.round(cargo.wallMs)} ms`);
      }
    }
    const rows = (['cold', 'one line changed'] as const).map((state) => rowOf(size, state, times));
    return [...rows, await allAtOnce(ours, size)];
  } finally {
    await ours.remove();
    await plain.remove();
  }
}

function rowOf(size: number, state: State, times: Times): Row {
  const [nx, cargo] = [median(times[state].nx), median(times[state].cargo)];
  return {
    services: size,
    what: state,
    nxMs: Math.round(nx),
    cargoMs: Math.round(cargo),
    wallRatio: ratio(nx, cargo),
  };
}

/** Nobody may wait for cargo's own lock: that would be two cargos in one target directory. */
async function allAtOnce(workspace: MeasuredWorkspace, size: number): Promise<Row> {
  const watched = watchCargo(join(workspace.root, '.watch'));
  workspace.forgetAll();
  const { wallMs } = await succeeded(
    workspace.nx(['run-many', '-t', 'build', 'lint-rust', 'test', '--parallel=4'], watched.env),
  );
  const calls = watched.calls();
  const compiling = compilingCalls(calls);
  if (compiling.length === 0) throw new Error('no cargo was seen: the figure would mean nothing');
  return {
    services: size,
    what: 'build lint-rust test, parallel 4',
    nxMs: Math.round(wallMs),
    blockedLines: calls.reduce((sum, { blocked }) => sum + blocked, 0),
    compilingCalls: compiling.length,
    atOnce: mostAtOnce(compiling),
    cargoCpuSeconds: Math.round(cpuOf(calls)),
  };
}

async function succeeded(pending: Promise<Call>): Promise<Call> {
  const call = await pending;
  if (call.exitCode !== 0) throw new Error(`nx ended with ${call.exitCode}:\n${call.stdout}\n${call.stderr}`);
  return call;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
