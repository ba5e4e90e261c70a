import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Call {
  wallMs: number;
  /** Of the process and all its children that ended. */
  cpuSeconds: number;
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface CallOptions {
  cwd: string;
  env?: Record<string, string | undefined>;
}

const SHELL = 'TIMEFORMAT="cpu %U %S"; exec 3>&2; time "$@" 2>&3';

/**
 * Runs a command to its end; bash tells the CPU time of the whole tree. What it prints goes to files: Nx ends without waiting
 * for a socket that is full, and a hundred short lines fill one.
 */
export async function timedCall(
  command: string,
  args: readonly string[],
  options: CallOptions,
): Promise<Call> {
  const folder = mkdtempSync(join(tmpdir(), 'rp-measure-call-'));
  const files = { stdout: join(folder, 'stdout'), stderr: join(folder, 'stderr') };
  const [out, error] = [openSync(files.stdout, 'w'), openSync(files.stderr, 'w')];
  try {
    const started = process.hrtime.bigint();
    const exitCode = await run(command, args, options, [out, error]);
    const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
    const [stdout, stderr] = [readFileSync(files.stdout, 'utf8'), readFileSync(files.stderr, 'utf8')];
    const [, user = '0', system = '0'] = /^cpu (\S+) (\S+)$/mu.exec(stderr) ?? [];
    return { wallMs, cpuSeconds: Number(user) + Number(system), exitCode, stdout, stderr };
  } finally {
    closeSync(out);
    closeSync(error);
    rmSync(folder, { recursive: true });
  }
}

function run(
  command: string,
  args: readonly string[],
  options: CallOptions,
  [out, error]: [number, number],
): Promise<number | null> {
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...options.env }).filter(([, value]) => value !== undefined),
  );
  const child = spawn('bash', ['-c', SHELL, 'bash', command, ...args], {
    cwd: options.cwd,
    env,
    stdio: ['ignore', out, error],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

/** For a call that must succeed, or its figure would mean nothing. */
export async function successfulCall(
  command: string,
  args: readonly string[],
  options: CallOptions,
): Promise<Call> {
  const call = await timedCall(command, args, options);
  if (call.exitCode !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${call.exitCode}:\n${call.stdout.slice(-4000)}\n${call.stderr.slice(-4000)}`,
    );
  }
  return call;
}
