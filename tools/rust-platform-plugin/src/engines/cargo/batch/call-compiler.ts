import { join } from 'node:path';
import type { RunResult } from '../../../process/run';
import { stripAnsi } from '../cargo-failures';
import type { Diagnostic } from '../cargo-messages';
import { collectMessages, type CompilerOutput, type MessageReader } from '../diagnostics';
import { distrustFreshAll } from '../distrust-fresh';
import { messageFormat } from '../message-format';
import { runCargo } from '../run-cargo';
import { isProgress, parseCargoWords, type CargoWords } from './cargo-words';
import type { Group } from './compile-group';
import type { CompileOrder } from './compile-order';

/** What cargo came to for a group. */
export interface CompilerCall {
  exitCode: number | undefined;
  /** How it ended, in words. */
  end: string;
  output: CompilerOutput;
  words: CargoWords;
  /** Its diagnostics have been shown while it ran. */
  isShown: boolean;
  /** It failed before it compiled anything: a stale lock, a missing toolchain. */
  isFruitless: boolean;
}

/**
 * Runs cargo for the crates of a group. It goes on after an error, so that each crate gets its verdict; `cargo test`
 * cannot do that, so after a failure `cargo build` compiles the same.
 */
export async function callCompiler(group: Group): Promise<CompilerCall> {
  const setups = group.members.map(({ setup }) => setup);
  const seen = await distrustFreshAll(setups, group.order.subcommand);
  const isShown = setups.length === 1 && (setups[0]?.colour ?? false);
  const output = collectMessages(isShown ? showTo(group) : undefined);
  let result = await runOnce(group, group.order, output);
  if (group.order.subcommand === 'test' && result.exitCode !== 0 && !isFruitless(result, output)) {
    const complete = await runOnce(group, INSTEAD_OF_TEST, output);
    if (complete.exitCode !== 0) result = complete;
  }
  await seen.remember(output);
  const { exitCode, signal, stderr } = result;
  return {
    exitCode,
    end: `cargo ended with ${signal ?? `exit code ${exitCode}`}`,
    output,
    words: parseCargoWords(stderr),
    isShown,
    isFruitless: isFruitless(result, output),
  };
}

function isFruitless({ exitCode, stderr }: RunResult, { errors, artifacts }: CompilerOutput): boolean {
  if (exitCode === 0 || errors.length > 0 || artifacts.length > 0) return false;
  return !parseCargoWords(stderr).packages.some(({ isError }) => isError);
}

/** The same profile and units; what it leaves out comes to light when `cargo test` is asked for the rest. */
const INSTEAD_OF_TEST: CompileOrder = { subcommand: 'build', args: ['--tests', '--examples'] };

async function runOnce(group: Group, order: CompileOrder, output: MessageReader): Promise<RunResult> {
  const { members, env, hasLock } = group;
  const [first] = members.map(({ setup }) => setup);
  if (!first) throw new Error('a group without crates');
  const { progress = () => undefined, announce = progress } = first;
  const { signal, workspaceRoot, crate, compilerArgs = [] } = first;
  const args = [
    order.subcommand,
    ...compilerArgs,
    ...(hasLock ? ['--locked'] : []),
    ...(order.subcommand === 'test' ? [] : ['--keep-going']),
    ...order.args,
    ...new Set(members.map(({ setup }) => `-p=${setup.crate.packageName}`)),
    messageFormat(first),
  ];
  return runCargo(args, {
    cwd: join(workspaceRoot, crate.cargoRoot),
    env,
    signal,
    onLine: (line, stream) => {
      if (stream === 'stdout' && output.readLine(line)) return;
      const blocked = BLOCKED.exec(stripAnsi(line))?.[1];
      if (blocked !== undefined) announce(waitingFor(blocked));
      else if (stream === 'stdout' || isProgress(line)) progress(line);
    },
  });
}

/** Our locks keep the cargos of a target directory apart; left are those of others, and the package cache. */
const BLOCKED = /Blocking\s+waiting for file lock on (.*)/u;

function waitingFor(what: string): string {
  return `waiting for another cargo (of an editor, of another checkout): ${what}`;
}

/** Errors of all packages, warnings of the crate itself. */
function showTo({ members }: Group): (diagnostic: Diagnostic) => void {
  return ({ level, manifestPath, rendered }) => {
    const [only] = members;
    if (only && (level === 'error' || manifestPath === only.manifestPath)) only.setup.report(`${rendered}\n`);
  };
}
