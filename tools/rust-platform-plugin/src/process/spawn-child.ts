import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { execa, type Options } from 'execa';
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
  const child = execa(options.command, options.args, execaOptions(options));
  // In the same turn as the start: the number is still its own, even when it has ended already.
  const identity = child.pid === undefined ? undefined : identityOfChild(child.pid);
  if (!identity) throw await notStarted(options, await child);
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
    await Promise.all([drained, child]);
    return exit;
  });
  return { identity, ended, exited };
}

function execaOptions({
  cwd,
  env,
  uid,
  gid,
  input,
}: ChildOptions): Options & { buffer: false; reject: false } {
  return {
    cwd,
    env,
    uid,
    gid,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    extendEnv: false,
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
  };
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
