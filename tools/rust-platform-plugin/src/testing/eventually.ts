import { setTimeout as delay } from 'node:timers/promises';

/** Polls until the value is there (neither undefined nor false) or the time is over; generous, since machines are loaded. */
export async function eventually<T>(
  read: () => T | undefined | false | Promise<T | undefined | false>,
  what: string | (() => string),
  withinMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline)
      throw new Error(`not within ${withinMs} ms: ${typeof what === 'string' ? what : what()}`);
    await delay(25);
  }
}
