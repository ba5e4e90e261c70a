import { spawn } from 'node:child_process';

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

/** Runs a command to its end; bash tells the CPU time of the whole tree. */
export async function timedCall(
  command: string,
  args: readonly string[],
  options: CallOptions,
): Promise<Call> {
  const started = process.hrtime.bigint();
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...options.env }).filter(([, value]) => value !== undefined),
  );
  const child = spawn('bash', ['-c', SHELL, 'bash', command, ...args], {
    cwd: options.cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  const [, user = '0', system = '0'] = /^cpu (\S+) (\S+)$/mu.exec(stderr) ?? [];
  return { wallMs, cpuSeconds: Number(user) + Number(system), exitCode, stdout, stderr };
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
