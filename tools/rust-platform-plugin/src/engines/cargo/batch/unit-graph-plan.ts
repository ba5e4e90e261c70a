import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeEnvironment } from '../../../process/environment';
import { explainCargoFailure, stripAnsi } from '../cargo-failures';
import type { CargoCrate } from '../cargo-setup';
import { runCargo } from '../run-cargo';
import { readUnitGraph, type FeaturePlan } from './unit-graph';
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

const LARGE = 256 * 1024 * 1024;

/**
 * Asks cargo with which features it would compile everything that these crates need; 40 to 150 ms, nothing is compiled.
 * The answer is kept until the lock, a manifest that it depends on, the configuration or the toolchain changes.
 *
 * @throws PlatformError for failures of the surroundings, which the real call would meet as well (a stale lock, …).
 */
export async function planFeatures(crates: readonly CargoCrate[], request: PlanRequest): Promise<PlanAnswer> {
  const [first] = crates;
  if (!first) return { plan: {} };
  const cargoRoot = join(request.workspaceRoot, first.cargoRoot);
  const env = mergeEnvironment(request.env);
  const { read = new Map() } = request;
  const folders = crates.map(({ root }) => join(request.workspaceRoot, root));
  const memory: PlanMemory = { cargoRoot, targetDirectory: first.targetDirectory, folders, env, read };
  const names = crates.map(({ packageName }) => `-p=${packageName}`).sort();
  const subcommand = request.subcommand === 'clippy' ? 'check' : request.subcommand;
  const args = [subcommand, ...request.args.filter(isOfThePlan), ...names];
  const known = await recallPlan(memory, args);
  if (known) return { plan: known };
  const answer = await askCargo(args, { ...request, memory, crate: first });
  if ('plan' in answer) await keepPlan(memory, args, answer.plan);
  return answer;
}

/** `--no-deps` is a word of clippy, and behind `--` everything is. */
function isOfThePlan(arg: string, index: number, all: readonly string[]): boolean {
  if (all.slice(0, index + 1).includes('--')) return false;
  return (
    !['--no-deps', '--keep-going', '--no-fail-fast', '--locked'].includes(arg) &&
    !/^(-p=|--message-format)/u.test(arg)
  );
}

async function askCargo(
  args: readonly string[],
  request: PlanRequest & { memory: PlanMemory; crate: CargoCrate },
): Promise<PlanAnswer> {
  const { memory, crate, env, signal } = request;
  const [subcommand = '', ...rest] = args;
  const own = await ownTargetDirectory(memory.targetDirectory);
  const result = await runCargo(
    [subcommand, '--locked', ...rest, `--target-dir=${own}`, '--unit-graph', '-Zunstable-options'],
    { cwd: memory.cargoRoot, env: { ...env, RUSTC_BOOTSTRAP: '1' }, signal, maxOutput: LARGE },
  );
  if (result.exitCode !== 0) {
    const known = explainCargoFailure(result.stderr, crate);
    if (known) throw known;
    return { problem: firstError(result.stderr) };
  }
  try {
    return { plan: readUnitGraph(result.stdout) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
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
