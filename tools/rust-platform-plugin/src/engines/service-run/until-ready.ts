import type { RunningService } from '../supervisor';

/** Resolves when the service is ready. Rejects with its error, or with the signal's reason when that comes first. */
export async function untilReady(service: RunningService, signal: AbortSignal | undefined): Promise<void> {
  service.ready.catch(() => undefined);
  signal?.throwIfAborted();
  await Promise.race([service.ready, ...(signal ? [abortOf(signal)] : [])]);
  signal?.throwIfAborted();
}

/** Resolves when the service has ended or the signal is aborted. */
export async function untilEnded(service: RunningService, signal: AbortSignal): Promise<void> {
  await Promise.race([service.exited, abortOf(signal)]);
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
