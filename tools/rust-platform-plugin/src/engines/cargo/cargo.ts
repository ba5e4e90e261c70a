import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunResult } from '../../process/run';
import { isProgress } from './batch/cargo-words';
import { cargoEnvironment, exists, type CargoEnvironment } from './cargo-environment';
import { explainCargoFailure } from './cargo-failures';
import type { CargoSetup } from './cargo-setup';
import { collectMessages, type CompilerOutput } from './diagnostics';
import { inTargetDirectory } from './in-target-directory';
import { runCargo } from './run-cargo';

export interface CargoCall {
  /** e.g. [`nextest`, `run`]; `--locked` is put behind it. */
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

/** What the calls for one crate have in common. */
interface CallContext {
  setup: CargoSetup;
  cwd: string;
  environment: CargoEnvironment;
  hasLock: boolean;
}

/**
 * cargo for what is no compilation (that is for compileCrate), or needs `exclusively`, so that cargo never has to wait for
 * its own lock. The caller holds the machine.
 */
export async function createCargo(setup: CargoSetup): Promise<Cargo> {
  const { workspaceRoot, crate } = setup;
  const cwd = join(workspaceRoot, crate.cargoRoot);
  const hasLock = await exists(join(cwd, 'Cargo.lock'));
  const context = { setup, cwd, environment: await cargoEnvironment(setup), hasLock };
  return {
    hasLock,
    manifestPath: await realpath(join(workspaceRoot, crate.manifest)),
    exclusively: (work) => inTargetDirectory(setup, work),
    run: (call) => runCall(context, call),
  };
}

async function runCall(
  { setup, cwd, environment, hasLock }: CallContext,
  call: CargoCall,
): Promise<CargoResult> {
  const { subcommand, args, locked = true, runsTests = false, env = {} } = call;
  const { report, signal, crate } = setup;
  const output = collectMessages(({ level, rendered }) => {
    // The warnings were shown when it was compiled.
    if (level === 'error') report(`${rendered}\n`);
  });
  const print = call.onLine ?? (subcommand[0] === 'test' ? withoutProgress(setup) : report);
  const result = await runCargo([...subcommand, ...(locked && hasLock ? ['--locked'] : []), ...args], {
    cwd,
    env: { ...environment, ...env },
    signal,
    onLine: (line, stream) => {
      if (stream === 'stderr' || !output.readLine(line)) print(line, stream);
    },
  });
  const known =
    result.exitCode !== 0 && !runsTests
      ? explainCargoFailure(`${result.stderr}\n${result.stdout}`, crate)
      : undefined;
  if (known) throw known;
  return { ...result, ...output };
}

/** How long it took differs from run to run; what is run does not. */
function withoutProgress({ report, progress = () => undefined }: CargoSetup): (line: string) => void {
  return (line) => (isProgress(line) && !/^ *(Running|Doc-tests) /u.test(line) ? progress : report)(line);
}
