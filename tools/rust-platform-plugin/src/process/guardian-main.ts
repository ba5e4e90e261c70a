import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { endTree } from './end-tree';
import type { GuardedTree, GuardianMessage } from './guardian';

/** See `guardian.ts`: trees come on stdin; its end is the end of our owner. */
async function main(): Promise<void> {
  // The terminal and Nx signal everybody; our work begins when the others have gone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const trees = new Map<number, GuardedTree>();
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line) as GuardianMessage;
    if ('watch' in message) trees.set(message.id, message.watch);
    else trees.delete(message.unwatch);
  }
  await Promise.allSettled([...trees.values()].map(endAndClean));
}

async function endAndClean({ root, marker, graceMs, cleanup = [] }: GuardedTree): Promise<void> {
  await endTree(root, { marker, graceMs });
  for (const path of cleanup) await rm(path, { recursive: true, force: true });
}

void main();
