import { EXIT, PlatformError } from '../errors';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Ending = (typeof SIGNALS)[number];

/** The signals that the launcher was sent, from the start of a command to its end. */
export interface Interruption {
  /** Aborted with the first signal; its reason is a `PlatformError` with the exit code. */
  signal: AbortSignal;
  /** 130 or 143 once a signal has come. */
  exitCode(): number | undefined;
  /** Called for each signal: the first is 1. */
  onSignal(listener: (name: Ending, count: number) => void): void;
  dispose(): void;
}

export function watchInterruption(): Interruption {
  const abort = new AbortController();
  const listeners: Array<(name: Ending, count: number) => void> = [];
  let count = 0;
  let code: number | undefined;
  const handle = (name: Ending): void => {
    count += 1;
    code ??= name === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    if (count === 1) abort.abort(interrupted(name));
    for (const listener of listeners) listener(name, count);
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: abort.signal,
    exitCode: () => code,
    onSignal: (listener) => void listeners.push(listener),
    dispose: () => SIGNALS.forEach((name) => process.off(name, handle)),
  };
}

function interrupted(name: Ending): PlatformError {
  return new PlatformError({
    code: 'interrupted',
    what: `Interrupted by ${name} before anything was started`,
    fix: [],
    exitCode: name === 'SIGINT' ? EXIT.interrupted : EXIT.terminated,
  });
}
