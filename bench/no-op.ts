/**
 * Nothing changed in a workspace of 40 crates with real dependencies: the cached lint of all of them by this plugin, by Nx
 * alone (tasks that do nothing, without and with hooks around the run that do nothing), by @monodon/rust, by Turborepo's
 * Cargo support, and by cargo itself, in turn; Nx with and without daemon. Arguments: `--crates 40`, `--runs 7`, `--no-peers`.
 * Needs crates.io, and npm for the peers; compiles once.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EMPTY_HOOKS, EMPTY_TASKS } from './fixtures/empty-plugin';
import { realCrates } from './fixtures/real-crates';
import { median, progress, ratio, reportFigures, type Row } from './measuring/figures';
import {
  measuredWorkspace,
  writeFiles,
  type MeasuredWorkspace,
  type PluginChoice,
} from './measuring/measured-workspace';
import { installPeers, monodonProject, TURBO_CONFIG, type Peers } from './measuring/peers';
import { successfulCall, timedCall, type Call } from './measuring/timed-call';

const { values } = parseArgs({
  options: {
    crates: { type: 'string', default: '40' },
    runs: { type: 'string', default: '7' },
    'no-peers': { type: 'boolean', default: false },
  },
});
const crates = Number(values.crates);
const runs = Number(values.runs);
if (!(crates > 0) || !(runs > 0)) {
  console.error('usage: npm run measure -- no-op [--crates 40] [--runs 7] [--no-peers]');
  process.exit(2);
}

interface Contestant {
  name: string;
  start(): Promise<Call>;
  /** Everything came from the cache. */
  isHit(call: Call): boolean;
}

const FILL_ATTEMPTS = 4;
const workspaces: MeasuredWorkspace[] = [];

async function main(): Promise<void> {
  const peers = values['no-peers'] ? undefined : await installPeers();
  try {
    const ready: Contestant[] = [];
    for (const contestant of contestantsWith(peers)) if (await fill(contestant)) ready.push(contestant);
    const samples = new Map(ready.map(({ name }): [string, Call[]] => [name, []]));
    for (let run = 1; run <= runs; run += 1) {
      for (const contestant of ready) samples.get(contestant.name)?.push(await cached(contestant));
    }
    reportFigures('no-op', { crates, runs, peers: peers?.versions ?? 'none' }, rowsOf(samples));
  } finally {
    for (const workspace of workspaces) await workspace.remove();
    peers?.remove();
  }
}

function contestantsWith(peers: Peers | undefined): Contestant[] {
  const list = [
    ...onNx('rust-platform', 'rust-platform-plugin'),
    ...onNx('Nx with tasks that do nothing', EMPTY_TASKS),
    ...onNx('… and hooks that do nothing', EMPTY_HOOKS),
  ];
  if (peers) {
    const { nodeModules } = peers;
    list.push(
      ...onNx('@monodon/rust', { name: '@monodon/rust', nodeModules }, monodonProject),
      ...onTurbo(peers),
    );
  }
  const { root } = workspace('no-op-cargo', 'none');
  const args = ['clippy', '--workspace', '--all-targets', '--locked'];
  list.push({
    name: 'cargo clippy --workspace',
    start: () => successfulCall('cargo', args, { cwd: root }),
    isHit: () => true,
  });
  return list;
}

function workspace(name: string, plugin: PluginChoice, projectOf?: typeof monodonProject): MeasuredWorkspace {
  const made = measuredWorkspace(name, plugin, (root) => {
    for (const { name: crate, folder } of realCrates(root, crates))
      if (projectOf) writeFileSync(join(root, folder, 'project.json'), projectOf(crate, folder));
  });
  workspaces.push(made);
  return made;
}

function onNx(name: string, plugin: PluginChoice, projectOf?: typeof monodonProject): Contestant[] {
  const { nx } = workspace('no-op', plugin, projectOf);
  const isHit = ({ stdout }: Call): boolean => new RegExp(`\\s${crates}/\\d+ hit`, 'u').test(stdout);
  const start = (daemon: string) => (): Promise<Call> =>
    nx(['run-many', '-t', 'clippy'], { NX_DAEMON: daemon });
  return [
    { name: `${name}, no daemon`, start: start('false'), isHit },
    { name: `${name}, daemon`, start: start('true'), isHit },
  ];
}

/** One task per crate, and as it comes: one task for the workspace. */
function onTurbo({ turbo }: Peers): Contestant[] {
  const { root } = workspace('no-op-turbo', 'none');
  writeFiles(root, {
    'turbo.json': TURBO_CONFIG,
    'package.json':
      '{ "name": "measure", "private": true, "packageManager": "npm@11.0.0", "workspaces": [] }',
    'package-lock.json':
      '{ "name": "measure", "lockfileVersion": 3, "requires": true, "packages": { "": { "name": "measure" } } }',
  });
  const env = { TURBO_TELEMETRY_DISABLED: '1', CI: undefined };
  const contestant = (name: string, tasks: number, more: string[]): Contestant => ({
    name,
    start: () => timedCall(turbo, ['run', 'lint', '--output-logs=errors-only', ...more], { cwd: root, env }),
    isHit: ({ stdout }) => stdout.includes(`${tasks} cached, ${tasks} total`),
  });
  return [
    contestant('Turborepo, a task per crate', crates, ['--filter=./crates/*']),
    contestant('Turborepo, one task for all', 1, []),
  ];
}

async function fill(contestant: Contestant): Promise<boolean> {
  let last: Call | undefined;
  for (let attempt = 1; attempt <= FILL_ATTEMPTS; attempt += 1) {
    last = await contestant.start();
    if (last.exitCode === 0 && contestant.isHit(last)) {
      progress(`${contestant.name}: a hit at attempt ${attempt}`);
      return true;
    }
  }
  progress(
    `${contestant.name}: never a hit (exit code ${last?.exitCode})\n${last?.stdout.slice(-1500)}${last?.stderr.slice(-1500)}`,
  );
  return false;
}

async function cached(contestant: Contestant): Promise<Call> {
  const call = await contestant.start();
  if (call.exitCode !== 0 || !contestant.isHit(call))
    throw new Error(`${contestant.name} was no hit:\n${call.stdout}${call.stderr}`);
  return call;
}

function rowsOf(samples: ReadonlyMap<string, Call[]>): Row[] {
  const wallOf = (name: string): number => median((samples.get(name) ?? []).map(({ wallMs }) => wallMs));
  const turborepo = 'Turborepo, a task per crate';
  return [...samples].map(([name, calls]) => ({
    what: name,
    wallMs: Math.round(wallOf(name)),
    cpuMs: Math.round(median(calls.map(({ cpuSeconds }) => cpuSeconds * 1000))),
    ...(samples.has(turborepo) ? { toTurborepo: ratio(wallOf(name), wallOf(turborepo)) } : {}),
  }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
