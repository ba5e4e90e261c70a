import { spawn, type ChildProcess } from 'node:child_process';
import { entryPoint } from './entry-point';
import { ownProcessEnvironment } from './environment';
import type { EnvironmentMarker } from './platform-facts';
import type { ProcessIdentity } from './process-identity';

export interface GuardedTree {
  /** Undefined: the marker alone tells who belongs to it. */
  root?: ProcessIdentity;
  marker?: EnvironmentMarker;
  graceMs: number;
  /** Absolute paths that are removed when the tree is gone. */
  cleanup?: string[];
}

export type GuardianMessage = { watch: GuardedTree; id: number } | { unwatch: number };

/**
 * A guardian ends what we started when we cannot do it ourselves any more (SIGKILL, a crash, the terminal is gone). It is
 * one small process per process of ours, in a session of its own, that holds the reading end of a pipe. When the pipe
 * closes, which the kernel does whatever happened to us, it ends every tree that was registered and not given back. One
 * for all trees is less than one around each, and a pipe needs no polling. It ends with the last tree.
 */
let guardian: ChildProcess | undefined;
let lastId = 0;
const trees = new Map<number, GuardedTree>();

/** For those who cannot wait with the registration: starting the guardian takes longer than starting a shell. */
export function prepareGuardian(): void {
  if (!guardian) startGuardian();
}

export function dismissIdleGuardian(): void {
  if (trees.size > 0) return;
  guardian?.stdin?.end();
  guardian = undefined;
}

/** @returns gives the tree back: it has ended, or may live on. */
export function guardTree(tree: GuardedTree): () => void {
  const id = (lastId += 1);
  trees.set(id, tree);
  if (guardian) send({ watch: tree, id });
  else startGuardian(); // It is told of all trees.
  return () => {
    if (!trees.delete(id)) return;
    send({ unwatch: id });
    dismissIdleGuardian();
  };
}

function startGuardian(): void {
  const child = spawn(process.execPath, entryPoint(__dirname, 'guardian-main'), {
    env: ownProcessEnvironment(),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guardian = child;
  child.stdin?.on('error', () => undefined);
  child.on('error', () => undefined);
  child.once('exit', () => {
    if (guardian !== child) return;
    guardian = undefined;
    if (trees.size > 0) setTimeout(() => guardian ?? startGuardian(), 1_000).unref();
  });
  child.unref();
  (child.stdin as unknown as { unref(): void } | null)?.unref();
  for (const [id, tree] of trees) send({ watch: tree, id });
}

function send(message: GuardianMessage): void {
  guardian?.stdin?.write(`${JSON.stringify(message)}\n`);
}
