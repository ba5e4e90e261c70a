import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { LineSplitter } from './line-splitter';
import { identityOfChild, type ProcessIdentity } from './process-identity';
import { notStarted } from './start-errors';

export interface ChildOptions {
  command: string;
  args: string[];
  cwd?: string;
  /** Complete environment. */
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  /** Written to stdin, which is otherwise `/dev/null`. */
  input?: string;
  /** Every chunk as it arrives, before its lines. */
  onChunk?: (chunk: Buffer, stream: OutputStream) => void;
  onLines?: (lines: string[], stream: OutputStream) => void;
}

export type OutputStream = 'stdout' | 'stderr';

export interface ChildExit {
  exitCode: number | undefined;
  signal: string | undefined;
}

export interface Child {
  identity: ProcessIdentity;
  /** Resolves at once when the process has ended. */
  ended: Promise<ChildExit>;
  /** Resolves when its output has been read as well. */
  exited: Promise<ChildExit>;
}

/**
 * Starts a process in a session of its own (no terminal reaches it, and its group can be ended as a whole) and reads its
 * output eagerly. Ending it is the caller's task.
 *
 * @throws PlatformError `command-not-found`, `folder-not-found`, `command-not-started`.
 */
export async function spawnChild(options: ChildOptions): Promise<Child> {
  const { child, failed } = start(options);
  // In the same turn as the start: the number is still its own, even when it has ended already.
  const identity = child?.pid === undefined ? undefined : identityOfChild(child.pid);
  if (!child || !identity) throw await notStarted(options, await failed);
  const closed = new Promise((resolve) => child.once('close', resolve));
  let chunks = 0;
  const count = () => (chunks += 1);
  const reading = [
    readStream(child.stdout, 'stdout', options, count),
    readStream(child.stderr, 'stderr', options, count),
  ];
  const drained = Promise.all(reading).then(() => true);
  const ended = new Promise<ChildExit>((resolve) => {
    child.once('exit', (exitCode, signal) =>
      resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined }),
    );
  });
  const exited = ended.then(async (exit) => {
    await untilQuiet(drained, () => chunks);
    child.stdout?.destroy();
    child.stderr?.destroy();
    await Promise.all([drained, closed]);
    return exit;
  });
  return { identity, ended, exited };
}

/** Not by a library: the one that would do it takes longer to load than most of these processes run. */
function start({ command, args, cwd, env, uid, gid, input }: ChildOptions): {
  child?: ChildProcess;
  failed: Promise<unknown>;
} {
  try {
    const stdin = input === undefined ? 'ignore' : 'pipe';
    const stdio: StdioOptions = [stdin, 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, env, uid, gid, detached: true, stdio });
    // One that ends without reading.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    // Never without a listener, or a late error ends our process.
    const failed = new Promise<unknown>((resolve) => {
      child.on('error', resolve);
      child.once('close', () => resolve(new Error('it ended before it could be looked at')));
    });
    return { child, failed };
  } catch (error) {
    return { failed: Promise.resolve(error) };
  }
}

async function readStream(
  stream: Readable | null | undefined,
  name: OutputStream,
  { onChunk, onLines }: ChildOptions,
  count: () => void,
): Promise<void> {
  if (!stream) return;
  const splitter = new LineSplitter();
  const emit = (lines: string[]) => lines.length > 0 && onLines?.(lines, name);
  stream.on('data', (chunk: Buffer) => {
    count();
    onChunk?.(chunk, name);
    emit(splitter.push(chunk));
  });
  await new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
  emit(splitter.flush());
}

/**
 * Waits for the end of the output of a process that has ended, but not for a grandchild in the background that holds the
 * pipes open: 100 ms without a chunk is the end, and 2 s are in any case.
 */
async function untilQuiet(drained: Promise<boolean>, chunks: () => number): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const before = chunks();
    if (await Promise.race([drained, delay(100, false)])) return;
    await nextTurn(); // A busy process fires the timer before it looks at the pipes.
    if (chunks() === before) return;
  }
}
