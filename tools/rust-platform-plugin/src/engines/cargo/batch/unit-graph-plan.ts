import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeEnvironment } from '../../../process/environment';
import { explainCargoFailure, stripAnsi } from '../cargo-failures';
import type { CargoCrate } from '../cargo-setup';
import { runCargo } from '../run-cargo';
import { rustcVersion } from '../rustc-identity';
import { CertainFeatures } from './certain-features';
import { planOf, readUnitGraph, type FeaturePlan, type UnitGraph } from './unit-graph';
import { keepPlan, recallPlan, type PlanMemory } from './unit-graph-memory';

export interface PlanRequest {
  workspaceRoot: string;
  subcommand: 'clippy' | 'check' | 'test' | 'build';
  /** As for the real call; what only concerns its output is left out. */
  args: readonly string[];
  /** Beyond the environment of this process. */
  env: Record<string, string | undefined>;
  signal?: AbortSignal;
  /** Files that were read already, for several plans of one moment. */
  read?: PlanMemory['read'];
}

/** Or, in words, why cargo does not tell. */
export type PlanAnswer = { plan: FeaturePlan } | { problem: string };
export type GraphAnswer = { graph: UnitGraph; plan: FeaturePlan } | { problem: string };

const LARGE = 256 * 1024 * 1024;

/**
 * Features with which cargo would compile everything that these crates need. What cargo answered is kept until the lock, a
 * manifest that it depends on, the configuration or the toolchain changes.
 *
 * @throws PlatformError for failures of the surroundings, which the real call would meet as well (a stale lock, …).
 */
export async function planFeatures(crates: readonly CargoCrate[], request: PlanRequest): Promise<PlanAnswer> {
  const plan = await knownPlan(crates, request);
  if (plan) return { plan };
  const answer = await askUnitGraph(crates, request);
  return 'plan' in answer ? { plan: answer.plan } : answer;
}

/** What cargo answered before, or what was told from its answer for more crates. */
export async function knownPlan(
  crates: readonly CargoCrate[],
  request: PlanRequest,
): Promise<FeaturePlan | undefined> {
  const { memory, args } = callFor(crates, request);
  return recallPlan(memory, args);
}

/** Asks cargo; 40 to 150 ms, nothing is compiled. Throws as planFeatures does. */
export async function askUnitGraph(
  crates: readonly CargoCrate[],
  request: PlanRequest,
): Promise<GraphAnswer> {
  const { memory, args } = callFor(crates, request);
  const [subcommand = '', ...rest] = args;
  const { targetDirectory, cargoRoot, env } = memory;
  const own = await ownTargetDirectory(targetDirectory);
  const result = await runCargo(
    [subcommand, '--locked', ...rest, `--target-dir=${own}`, '--unit-graph', '-Zunstable-options'],
    { cwd: cargoRoot, env: { ...env, RUSTC_BOOTSTRAP: '1' }, signal: request.signal, maxOutput: LARGE },
  );
  if (result.exitCode !== 0) return { problem: problemIn(result.stderr, crates) };
  try {
    const graph = readUnitGraph(result.stdout);
    const plan = planOf(graph);
    await keepPlan(memory, args, plan);
    return { graph, plan };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** For later runs. */
export async function rememberPlan(
  crates: readonly CargoCrate[],
  request: PlanRequest,
  plan: FeaturePlan,
): Promise<void> {
  const { memory, args } = callFor(crates, request);
  await keepPlan(memory, args, plan);
}

/**
 * What is certain of the features of each crate; nothing when cargo does not tell. Nothing is downloaded for it: crates that nobody
 * asked about may need a lot.
 */
export async function askCertainFeatures(
  crate: CargoCrate,
  request: PlanRequest,
): Promise<CertainFeatures | undefined> {
  const { targetDirectory, cargoRoot, env } = callFor([crate], request).memory;
  const { host } = await rustcVersion(cargoRoot);
  if (host === undefined) return undefined;
  // The same view of the platform as for the unit graph, and the same place for it.
  const asked = { ...env, RUSTC_BOOTSTRAP: '1', CARGO_TARGET_DIR: await ownTargetDirectory(targetDirectory) };
  const result = await runCargo(
    ['metadata', '--locked', '--offline', '--format-version=1', `--filter-platform=${host}`],
    {
      cwd: cargoRoot,
      env: asked,
      signal: request.signal,
      maxOutput: LARGE,
    },
  );
  try {
    return result.exitCode === 0 ? new CertainFeatures(result.stdout) : undefined;
  } catch {
    return undefined;
  }
}

interface PlanCall {
  memory: PlanMemory;
  args: string[];
}

function callFor(crates: readonly CargoCrate[], request: PlanRequest): PlanCall {
  const [first] = crates;
  if (!first) throw new Error('no crate to plan for');
  const { workspaceRoot, read = new Map() } = request;
  const memory: PlanMemory = {
    cargoRoot: join(workspaceRoot, first.cargoRoot),
    targetDirectory: first.targetDirectory,
    folders: crates.map(({ root }) => join(workspaceRoot, root)),
    env: mergeEnvironment(request.env),
    read,
  };
  const names = crates.map(({ packageName }) => `-p=${packageName}`).sort();
  const subcommand = request.subcommand === 'clippy' ? 'check' : request.subcommand;
  return { memory, args: [subcommand, ...request.args.filter(isOfThePlan), ...names] };
}

/** `--no-deps` is a word of clippy, and behind `--` everything is. */
function isOfThePlan(arg: string, index: number, all: readonly string[]): boolean {
  if (all.slice(0, index + 1).includes('--')) return false;
  return (
    !['--no-deps', '--keep-going', '--no-fail-fast', '--locked'].includes(arg) &&
    !/^(-p=|--message-format)/u.test(arg)
  );
}

function problemIn(stderr: string, [crate]: readonly CargoCrate[]): string {
  const known = crate && explainCargoFailure(stderr, crate);
  if (known) throw known;
  return firstError(stderr);
}

/**
 * Never the real one: with RUSTC_BOOTSTRAP rustc tells cargo more about the platform than it tells a build, and cargo
 * keeps that answer in the target directory, where the next build would believe it.
 */
async function ownTargetDirectory(targetDirectory: string): Promise<string> {
  const own = join(targetDirectory, 'rust-platform', 'planning');
  const isThere = await stat(targetDirectory).catch(() => undefined);
  try {
    await mkdir(own, { recursive: true });
    // cargo does so when it makes the directory itself.
    if (!isThere) await writeFile(join(targetDirectory, 'CACHEDIR.TAG'), CACHE_TAG);
  } catch {
    // cargo plans without it as well, only slower.
  }
  return own;
}

const CACHE_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This file is a cache directory tag created by cargo.
# For information about cache directory tags see https://bford.info/cachedir/
`;

function firstError(stderr: string): string {
  const lines = stripAnsi(stderr).split('\n');
  return (lines.find((line) => line.startsWith('error')) ?? lines[0] ?? '').replace(/^error: /u, '').trim();
}
