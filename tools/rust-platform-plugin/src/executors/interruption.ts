import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, PlatformError, type ExitCode } from '../errors';

const LATE_MS = 250;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  /** Aborted by the first signal; `reason` is a PlatformError with code `interrupted`. */
  signal: AbortSignal;
  /** The error of the interruption, once there is one. */
  error(): PlatformError | undefined;
  /**
   * The same, after a moment in which it may still come: Nx and terminals signal a whole tree, and a child that was ended
   * first looks like a failure of its own.
   */
  errorSoon(): Promise<PlatformError | undefined>;
  dispose(): void;
}

/**
 * Turns the signals that end a task into an abort signal, so that clean-up is awaited instead of skipped. Later signals
 * change nothing: the clean-up is under way. A lost IPC channel means that Nx itself was killed.
 */
export function watchInterruption(): Interruption {
  const controller = new AbortController();
  const handlers = SIGNALS.map((name) => ({ name, handler: () => abort(name) }));
  const onDisconnect = (): void => abort('SIGTERM', 'Nx, which started this task, is gone');

  function abort(name: (typeof SIGNALS)[number], why = `${name} was received`): void {
    if (!controller.signal.aborted) controller.abort(interrupted(name, why));
  }

  for (const { name, handler } of handlers) process.on(name, handler);
  if (process.connected) process.on('disconnect', onDisconnect);
  const error = (): PlatformError | undefined =>
    controller.signal.aborted ? (controller.signal.reason as PlatformError) : undefined;
  return {
    signal: controller.signal,
    error,
    errorSoon: async () => {
      await delay(LATE_MS, undefined, { signal: controller.signal }).catch(() => undefined);
      return error();
    },
    dispose: () => {
      for (const { name, handler } of handlers) process.off(name, handler);
      process.off('disconnect', onDisconnect);
    },
  };
}

function interrupted(name: string, why: string): PlatformError {
  const exitCode: ExitCode = name === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  return new PlatformError({
    code: 'interrupted',
    what: 'the task was interrupted',
    why,
    fix: 'run the same command again',
    exitCode,
  });
}
