import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until `probe` gives a value; `undefined` when the time is over. Throws what `probe` throws and on abort. */
export async function waitUntil<T>(
  probe: () => Promise<T | undefined>,
  { timeoutMs, intervalMs = 50, signal }: { timeoutMs: number; intervalMs?: number; signal?: AbortSignal },
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > deadline) return undefined;
    await sleep(intervalMs, undefined, { signal });
  }
}
