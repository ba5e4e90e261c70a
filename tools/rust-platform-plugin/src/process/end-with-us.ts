import { guardTree } from './guardian';
import type { ProcessIdentity } from './process-identity';

const unguarded = new Map<number, () => void>();
let lastId = 0;
let listening = false;

/**
 * Ties a tree to the life of this process: whatever ends us, a guardian ends the tree. The guardian is started after a
 * moment, since it costs more than a short command; when we exit before that, it is started on the way out.
 *
 * @returns unties the tree.
 */
export function endWithUs(root: ProcessIdentity, graceMs: number, afterMs: number): () => void {
  const id = (lastId += 1);
  let release: (() => void) | undefined;
  const guard = () => {
    if (unguarded.delete(id)) release = guardTree({ root, graceMs });
  };
  unguarded.set(id, guard);
  listenOnce();
  const timer = afterMs > 0 ? setTimeout(guard, afterMs).unref() : undefined;
  if (afterMs <= 0) guard();
  return () => {
    clearTimeout(timer);
    unguarded.delete(id);
    release?.();
  };
}

function listenOnce(): void {
  if (listening) return;
  listening = true;
  process.on('exit', () => {
    for (const guard of [...unguarded.values()]) guard();
  });
}
