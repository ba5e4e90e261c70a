import { dirname } from 'node:path';
import { run, type RunResult } from '../process/run';
import { cargoMissing, cargoRefused, toolchainMissing } from './cargo-problems';
import type { CargoProblem, CargoWorkspace } from './cargo-workspace';
import { exactEnvironment } from './exact-environment';
import { locateExecutable } from './locate-executable';
import { parseCargoMetadata } from './parse-cargo-metadata';
import { installedToolchains, readToolchainFile } from './toolchain';

export type MetadataAnswer =
  { workspace: CargoWorkspace; problem?: CargoProblem } | { workspace: undefined; problem: CargoProblem };

export interface MetadataRequest {
  /** Absolute path of the root manifest. */
  manifest: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/** Milliseconds; a large workspace takes 0.1 s, a cold file system some seconds. */
export const METADATA_TIMEOUT_VARIABLE = 'RUST_PLATFORM_METADATA_TIMEOUT_MS';
const DEFAULT_TIMEOUT = 30_000;

/**
 * Asks `cargo metadata --no-deps --offline`: reads no registry, no network, writes no lock. Without the pinned toolchain
 * another installed one answers, and `problem` says so. Rejects only when `signal` aborts.
 */
export async function runCargoMetadata(request: MetadataRequest): Promise<MetadataAnswer> {
  const cargo = locateExecutable('cargo', request.env);
  if (cargo === undefined) return { workspace: undefined, problem: cargoMissing(request.manifest) };
  const first = await ask(cargo, request, request.env);
  if (!isToolchainMissing(first)) return answerOf(first, request);
  const problem = toolchainMissing(
    request.manifest,
    readToolchainFile(dirname(request.manifest)),
    first.stderr,
  );
  for (const toolchain of installedToolchains(request.env)) {
    const result = await ask(cargo, request, { ...request.env, RUSTUP_TOOLCHAIN: toolchain });
    const answer = answerOf(result, request);
    if (answer.workspace) return { ...answer, problem };
  }
  return { workspace: undefined, problem };
}

async function ask(cargo: string, request: MetadataRequest, env: NodeJS.ProcessEnv): Promise<RunResult> {
  const { manifest, signal } = request;
  const args = ['metadata', '--no-deps', '--format-version', '1', '--offline', '--manifest-path', manifest];
  const result = await run(cargo, args, {
    cwd: dirname(manifest),
    // Otherwise rustup may try to download a pinned toolchain, and waits for the network.
    env: exactEnvironment({
      ...env,
      RUSTUP_AUTO_INSTALL: '0',
      RUST_BACKTRACE: '0',
      CARGO_TERM_COLOR: 'never',
    }),
    timeoutMs: timeoutOf(env),
    signal,
  });
  signal?.throwIfAborted();
  return result;
}

function answerOf(result: RunResult, { manifest, env }: MetadataRequest): MetadataAnswer {
  if (result.timedOut) {
    return { workspace: undefined, problem: cargoRefused(manifest, `no answer within ${timeoutOf(env)} ms`) };
  }
  if (result.exitCode !== 0) return { workspace: undefined, problem: cargoRefused(manifest, result.stderr) };
  try {
    return { workspace: parseCargoMetadata(result.stdout) };
  } catch (error) {
    return { workspace: undefined, problem: cargoRefused(manifest, String(error)) };
  }
}

function isToolchainMissing({ exitCode, stderr }: RunResult): boolean {
  return (
    exitCode !== 0 &&
    /toolchain '[^']*' is not installed|could not (download|install).*toolchain/i.test(stderr)
  );
}

function timeoutOf(env: NodeJS.ProcessEnv): number {
  const value = Number(env[METADATA_TIMEOUT_VARIABLE]);
  return Number.isFinite(value) && value > 0 ? value : DEFAULT_TIMEOUT;
}
