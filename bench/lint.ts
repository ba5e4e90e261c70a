/**
 * Cold clippy over a workspace of 40 crates with real dependencies: `nx run-many -t clippy` against one
 * `cargo clippy --workspace --all-targets`, in turn; the figure is the CPU time of the cargo processes. Beside it what Nx itself
 * costs (a batch of tasks that do nothing) and @monodon/rust. Twice: with the same features for all crates, so that one cargo may
 * compile all, and with features that differ (see fixtures/real-crates.ts), where one call for all would hide what a crate
 * alone does not get. Arguments: `--crates 40`, `--runs 2`, `--features same,own`, `--no-peers`.
 * Needs crates.io, and npm for the peer. Compiles for some minutes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EMPTY_TASKS } from './fixtures/empty-plugin';
import { realCrates, type Features } from './fixtures/real-crates';
import { median, progress, ratio, reportFigures, type Row } from './measuring/figures';
import { measuredWorkspace, type MeasuredWorkspace } from './measuring/measured-workspace';
import { installPeers, monodonProject, type Peers } from './measuring/peers';
import { successfulCall, type Call } from './measuring/timed-call';
import { compilingCalls, cpuOf, mostAtOnce, watchCargo, type CargoCall } from './measuring/watched-cargo';

const { values } = parseArgs({
  options: {
    crates: { type: 'string', default: '40' },
    runs: { type: 'string', default: '2' },
    features: { type: 'string', default: 'same,own' },
    'no-peers': { type: 'boolean', default: false },
  },
});
const crates = Number(values.crates);
const runs = Number(values.runs);
const fixtures = values.features
  .split(',')
  .filter((name): name is Features => name === 'same' || name === 'own');
if (!(crates > 0) || !(runs > 0) || fixtures.length === 0) {
  console.error('usage: npm run measure -- lint [--crates 40] [--runs 2] [--features same,own] [--no-peers]');
  process.exit(2);
}

interface Contestant {
  name: string;
  workspace: MeasuredWorkspace;
  run(workspace: MeasuredWorkspace, env: { PATH: string }): Promise<Call>;
}

interface Sample {
  wallMs: number;
  cpuSeconds: number;
  calls: CargoCall[];
}

const CLIPPY = ['run-many', '-t', 'clippy'];

async function main(): Promise<void> {
  const peers = values['no-peers'] ? undefined : await installPeers();
  const rows: Row[] = [];
  try {
    for (const features of fixtures) rows.push(...(await measure(features, peers)));
    reportFigures('lint', { crates, runs, peers: peers?.versions ?? 'none' }, rows);
  } finally {
    peers?.remove();
  }
}

async function measure(features: Features, peers: Peers | undefined): Promise<Row[]> {
  const contestants = contestantsWith(features, features === fixtures[0] ? peers : undefined);
  const watched = watchCargo(join((contestants[0] as Contestant).workspace.root, '.watch'));
  const samples = new Map(contestants.map(({ name }): [string, Sample[]] => [name, []]));
  try {
    for (let run = 1; run <= runs; run += 1) {
      for (const { name, workspace, run: start } of contestants) {
        workspace.forgetAll();
        watched.calls();
        const { wallMs, cpuSeconds, exitCode, stdout, stderr } = await start(workspace, watched.env);
        if (exitCode !== 0) throw new Error(`${name} ended with ${exitCode}:\n${stdout}\n${stderr}`);
        samples.get(name)?.push({ wallMs, cpuSeconds, calls: watched.calls() });
        progress(
          `${features} features, ${name}: ${(wallMs / 1000).toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s`,
        );
      }
    }
    return rowsOf(samples, features);
  } finally {
    for (const { workspace } of contestants) await workspace.remove();
  }
}

function contestantsWith(features: Features, peers: Peers | undefined): Contestant[] {
  const generate = (root: string): void => void realCrates(root, crates, features);
  const nx: Contestant['run'] = (workspace, env) => workspace.nx(CLIPPY, env);
  const own = measuredWorkspace('lint-cargo', 'none', generate);
  const cargo: Contestant['run'] = ({ root }, env) =>
    successfulCall('cargo', ['clippy', '--workspace', '--all-targets', '--locked'], { cwd: root, env });
  const list: Contestant[] = [
    { name: 'cargo clippy --workspace', workspace: own, run: cargo },
    {
      name: 'rust-platform',
      workspace: measuredWorkspace('lint', 'rust-platform-plugin', generate),
      run: nx,
    },
    {
      name: 'Nx with tasks that do nothing',
      workspace: measuredWorkspace('lint-empty', EMPTY_TASKS, generate),
      run: nx,
    },
  ];
  if (peers) {
    const { nodeModules } = peers;
    const workspace = measuredWorkspace('lint-monodon', { name: '@monodon/rust', nodeModules }, (root) => {
      for (const { name, folder } of realCrates(root, crates, features))
        writeFileSync(join(root, folder, 'project.json'), monodonProject(name, folder));
    });
    list.push({ name: '@monodon/rust', workspace, run: nx });
  }
  return list;
}

function rowsOf(samples: ReadonlyMap<string, Sample[]>, features: Features): Row[] {
  const of = (list: readonly Sample[], value: (sample: Sample) => number): number => median(list.map(value));
  const [base = []] = samples.values();
  return [...samples].map(([name, list]) => {
    const cargoCpu = of(list, ({ calls }) => cpuOf(calls));
    const wall = of(list, ({ wallMs }) => wallMs);
    const compiling = compilingCalls(list[0]?.calls ?? []);
    return {
      features,
      what: name,
      wallSeconds: Math.round(wall / 100) / 10,
      cargoCpuSeconds: Math.round(cargoCpu * 10) / 10,
      planningCpuSeconds:
        Math.round((cargoCpu - of(list, ({ calls }) => cpuOf(compilingCalls(calls)))) * 10) / 10,
      allCpuSeconds: Math.round(of(list, ({ cpuSeconds }) => cpuSeconds) * 10) / 10,
      compilingCalls: compiling.length,
      planningCalls: (list[0]?.calls.length ?? 0) - compiling.length,
      atOnce: mostAtOnce(compiling),
      cargoCpuRatio: ratio(
        cargoCpu,
        of(base, ({ calls }) => cpuOf(calls)),
      ),
      wallRatio: ratio(
        wall,
        of(base, ({ wallMs }) => wallMs),
      ),
    };
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
