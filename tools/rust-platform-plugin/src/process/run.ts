import { endTree } from './end-tree';
import { endWithUs } from './end-with-us';
import { mergeEnvironment } from './environment';
import { dismissIdleGuardian, prepareGuardian } from './guardian';
import { OutputBuffer } from './output-buffer';
import { spawnChild, type Child, type ChildExit, type OutputStream } from './spawn-child';

export { findExecutable } from './find-executable';
export { spawnDetached, type DetachedOptions } from './spawn-detached';

export interface RunOptions {
  cwd?: string;
  /** Merged over `process.env`; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  /** Written to stdin, which is otherwise `/dev/null`. */
  input?: string;
  timeoutMs?: number;
  /** Aborting ends the whole tree; the result then has `aborted: true`. */
  signal?: AbortSignal;
  onLine?: (line: string, stream: OutputStream) => void;
  uid?: number;
  gid?: number;
  /** Bytes kept of each stream (the last ones); default 32 MiB. */
  maxOutput?: number;
  /** Time between SIGTERM and SIGKILL after abort or timeout; default 5000. */
  killGraceMs?: number;
  /** A command that runs longer is ended by a guardian even when we are killed by SIGKILL; default 500. */
  guardAfterMs?: number;
}

export interface RunResult {
  exitCode: number | undefined;
  signal: string | undefined;
  stdout: string;
  stderr: string;
  durationMs: number;
  timedOut: boolean;
  aborted: boolean;
  /** Output beyond `maxOutput` was dropped. */
  truncated: boolean;
}

type RunState = Pick<RunResult, 'timedOut' | 'aborted'>;

const DEFAULTS = { maxOutput: 32 * 1024 * 1024, killGraceMs: 5_000, guardAfterMs: 500 };

/**
 * Runs a command to its end and returns what it said. It gets a session of its own; abort, timeout and the end of our
 * process end its whole tree. Never throws for an exit code.
 *
 * @throws PlatformError `command-not-found`, `folder-not-found`, `command-not-started`, `process-not-ended`.
 */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const started = performance.now();
  const output = new OutputBuffer(options.maxOutput ?? DEFAULTS.maxOutput);
  const state = { timedOut: false, aborted: options.signal?.aborted ?? false };
  let exit: ChildExit = { exitCode: undefined, signal: undefined };
  if (!state.aborted) exit = await start(command, args, options, { output, state });
  return { ...exit, ...output.result(), ...state, durationMs: performance.now() - started };
}

async function start(
  command: string,
  args: string[],
  options: RunOptions,
  { output, state }: { output: OutputBuffer; state: RunState },
): Promise<ChildExit> {
  if (options.guardAfterMs === 0) prepareGuardian();
  try {
    const child = await spawnChild({
      ...options,
      command,
      args,
      env: mergeEnvironment(options.env),
      onChunk: (chunk, stream) => output.add(chunk, stream),
      onLines: (lines, stream) => lines.forEach((line) => options.onLine?.(line, stream)),
    });
    return await watch(child, options, state);
  } finally {
    dismissIdleGuardian();
  }
}

async function watch(child: Child, options: RunOptions, state: RunState): Promise<ChildExit> {
  const graceMs = options.killGraceMs ?? DEFAULTS.killGraceMs;
  const release = endWithUs(child.identity, graceMs, options.guardAfterMs ?? DEFAULTS.guardAfterMs);
  let ending: Promise<unknown> | undefined;
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const end = (reason: 'timedOut' | 'aborted') => {
    if (ending) return;
    state[reason] = true;
    ending = endTree(child.identity, { graceMs });
    ending.catch(fail);
  };
  const abort = () => end('aborted');
  const timer =
    options.timeoutMs === undefined ? undefined : setTimeout(() => end('timedOut'), options.timeoutMs);
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();
  try {
    const exit = await Promise.race([child.exited, failed]);
    await ending;
    return exit;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
    release();
  }
}
