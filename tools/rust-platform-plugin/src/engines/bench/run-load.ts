import { PlatformError } from '../../errors';
import { entryPoint } from '../../process/entry-point';
import { redactText } from '../../process/redact';
import { run } from '../../process/run';
import type { LoadMessage, LoadOrder } from './load-order';
import type { RunFigures } from './run-figures';
import type { SetupFailure, SetupFigures } from './send-setup';

export interface LoadResult {
  setup: SetupFigures | undefined;
  warmup: RunFigures | undefined;
  /** Fewer than ordered when a phase had no success at all. */
  runs: RunFigures[];
}

/**
 * Makes the load in a process of its own.
 * @param onPhase called when a phase begins
 * @throws PlatformError `bench-setup-failed`; the reason of the signal when it was aborted
 */
export async function runLoad(
  order: LoadOrder,
  { signal, onPhase }: { signal?: AbortSignal; onPhase?: (phase: number) => void } = {},
): Promise<LoadResult> {
  const result: LoadResult = { setup: undefined, warmup: undefined, runs: [] };
  let failure: SetupFailure | undefined;
  const onMessage = (message: LoadMessage) => {
    if (message.type === 'setup') result.setup = message.figures;
    else if (message.type === 'setup-failed') failure = message.failure;
    else if (message.type === 'phase-started') onPhase?.(message.phase);
    else if (order.phases[message.phase]?.kind === 'warmup') result.warmup = message.figures;
    else result.runs.push(message.figures);
  };
  const { exitCode, stderr } = await run(process.execPath, entryPoint(__dirname, 'load-process'), {
    input: JSON.stringify(order),
    signal,
    killGraceMs: 500,
    onLine: (line, stream) => {
      if (stream === 'stdout' && line.startsWith('{')) onMessage(JSON.parse(line) as LoadMessage);
    },
  });
  signal?.throwIfAborted();
  if (failure) throw setupFailed(failure);
  if (exitCode !== 0) throw new Error(`the load generator ended with ${exitCode}: ${stderr.slice(-2000)}`);
  return result;
}

function setupFailed({ name, n, request, problem, excerpt }: SetupFailure): PlatformError {
  return new PlatformError({
    code: 'bench-setup-failed',
    what: `the setup request '${name}' (${request}, n = ${n}) ${problem}`,
    why: excerpt ? `response: ${redactText(excerpt)}` : undefined,
    fix: `correct [[setup]] '${name}' in bench/scenarios.toml, or its 'expect' and 'repeat'`,
  });
}
