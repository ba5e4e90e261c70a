import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../../errors';
import { run, type RunResult } from '../../process/run';
import { machineLock, targetDirectoryLock } from '../locks';
import { cargoEnvironment, exists, type CargoEnvironment } from './cargo-environment';
import { cargoMissing, explainCargoFailure, stripAnsi } from './cargo-failures';
import type { CargoSetup } from './cargo-setup';
import { collectCompilerOutput, type CompilerOutput } from './diagnostics';
import { distrustFresh } from './distrust-fresh';
import { announceWait, holding } from './hold-lock';

export interface CargoCall {
  /** e.g. [`build`] or [`nextest`, `run`]; `--locked` is put behind it. */
  subcommand: string[];
  args: string[];
  env?: CargoEnvironment;
  /** False for subcommands that do not know `--locked`. */
  locked?: boolean;
  /** The output is that of tests: whatever it says, it is no failure of the surroundings. */
  runsTests?: boolean;
  /** Gets every line that is no message of the compiler; default: `report`. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export type CargoResult = RunResult & CompilerOutput;

export interface Cargo {
  /** False without Cargo.lock: results then depend on the registry and are not to be trusted by a cache. */
  hasLock: boolean;
  /** Absolute, links resolved: what cargo calls the package's `manifest_path`. */
  manifestPath: string;
  /** Holds the target directory exclusively while `work` runs. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Throws PlatformError for failures of the surroundings (stale lock, toolchain, …); the verdict is the caller's. */
  run(call: CargoCall): Promise<CargoResult>;
}

export const UNLOCKED_NOTE =
  'there is no Cargo.lock: cargo ran without --locked, and the result is not reproducible';

/** Nx kills an interrupted task after 5 s; the tree must be gone before. */
const KILL_GRACE_MS = 3000;
const COMPILERS = new Set(['build', 'test', 'clippy']);

/**
 * Gives `work` a cargo for one crate, with the machine held shared so that no benchmark runs beside it. Whatever compiles
 * must run inside `exclusively`, so that cargo itself never has to wait for its file lock.
 */
export async function withCargo<T>(setup: CargoSetup, work: (cargo: Cargo) => Promise<T>): Promise<T> {
  const { purpose, report, signal, holdsMachineLock = false } = setup;
  if (holdsMachineLock) return work(await createCargo(setup));
  const onWait = announceWait('a benchmark to end', report);
  return holding(machineLock('shared', { purpose, signal, onWait }), async () =>
    work(await createCargo(setup)),
  );
}

/** What the calls for one crate have in common. */
interface CallContext {
  setup: CargoSetup;
  cwd: string;
  environment: CargoEnvironment;
  hasLock: boolean;
  manifestPath: string;
  /** Diagnostics that a person has seen already. */
  printed: Set<string>;
}

async function createCargo(setup: CargoSetup): Promise<Cargo> {
  const { workspaceRoot, crate, purpose, report, signal } = setup;
  const cwd = join(workspaceRoot, crate.cargoRoot);
  const manifestPath = await realpath(join(workspaceRoot, crate.manifest));
  const hasLock = await exists(join(cwd, 'Cargo.lock'));
  const environment = await cargoEnvironment(setup);
  const context = { setup, cwd, environment, hasLock, manifestPath, printed: new Set<string>() };
  const onWait = announceWait(`the target directory ${crate.targetDirectory}`, report);
  return {
    hasLock,
    manifestPath,
    exclusively: (work) =>
      holding(targetDirectoryLock(crate.targetDirectory, { purpose, signal, onWait }), work),
    run: (call) => runCall(context, call),
  };
}

async function runCall(context: CallContext, call: CargoCall): Promise<CargoResult> {
  const { setup, cwd, environment, hasLock, manifestPath, printed } = context;
  const { subcommand, args, locked = true, runsTests = false, env = {} } = call;
  const { report, signal } = setup;
  const output = collectCompilerOutput(manifestPath, report, printed);
  const print = call.onLine ?? ((line: string) => report(translate(line)));
  const isCompiler = COMPILERS.has(subcommand.join(' ')) && !runsTests;
  const seen = isCompiler ? await distrustFresh(setup, subcommand.join('-')) : undefined;
  const result = await runTranslated([...subcommand, ...(locked && hasLock ? ['--locked'] : []), ...args], {
    cwd,
    env: { ...environment, ...env },
    signal,
    killGraceMs: KILL_GRACE_MS,
    onLine: (line, stream) => {
      if (stream === 'stderr' || !output.readLine(line)) print(line, stream);
    },
  });
  await seen?.remember();
  signal?.throwIfAborted();
  if (result.exitCode !== 0 && !runsTests) throwKnownFailure(result, setup);
  return { ...result, ...output };
}

async function runTranslated(args: string[], options: Parameters<typeof run>[2]): Promise<RunResult> {
  try {
    return await run('cargo', args, options);
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'command-not-found') throw cargoMissing(error);
    throw error;
  }
}

function throwKnownFailure(result: RunResult, { crate }: CargoSetup): void {
  const known = explainCargoFailure(`${result.stderr}\n${result.stdout}`, crate);
  if (known) throw known;
}

/** Our locks keep the cargos of a target directory apart; left are those of others, and the package cache. */
function translate(line: string): string {
  const blocked = /Blocking\s+waiting for file lock on (.*)/u.exec(stripAnsi(line));
  return blocked ? `waiting for another cargo (of an editor, of another checkout): ${blocked[1]}` : line;
}
