import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { PlatformError } from '../errors';
import { endWithUs } from './end-with-us';
import { findExecutable } from './find-executable';
import { identityOf, identityOfChild, type ProcessIdentity } from './process-identity';
import { notStarted } from './start-errors';

export interface ForegroundOptions {
  command: string;
  args: string[];
  cwd: string;
  /** Complete environment. */
  env: NodeJS.ProcessEnv;
  /** What the tree has after SIGTERM when we are killed; default 15 000, since Nx itself takes up to 5 s. */
  killGraceMs?: number;
}

export interface ForegroundExit {
  exitCode: number | undefined;
  signal: NodeJS.Signals | undefined;
}

export interface ForegroundProcess {
  pid: number;
  /** Resolves at once; `undefined` when the child has ended already. */
  identity: Promise<ProcessIdentity | undefined>;
  exited: Promise<ForegroundExit>;
  /** Does nothing once the child has ended. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * The child waits at its gate until the guardian knows it, so that there is no moment in which we could be killed and it
 * would stay. When we are killed before, the gate finds the life line closed and ends.
 */
const GATE = 'read -r go <&3 && exec "$@"';
const NOT_FOUND = 127;

/**
 * Starts a child that shares our terminal and process group: Ctrl-C reaches it without us. Its file descriptor 3 is a
 * life line: it closes when this process ends, also by SIGKILL, so that the child can end itself. What it leaves of its
 * tree is then ended by a guardian.
 *
 * `exited` rejects with PlatformError `command-not-found`, `folder-not-found`, `command-not-started`.
 */
export function startForeground(options: ForegroundOptions): ForegroundProcess {
  const { command, args, cwd, env } = options;
  const child = spawn('sh', ['-c', GATE, 'sh', command, ...args], {
    cwd,
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  const lifeLine = child.stdio[3] as Writable | null;
  lifeLine?.on('error', () => undefined);
  const root = child.pid === undefined ? undefined : identityOfChild(child.pid);
  const release = root && endWithUs(root, options.killGraceMs ?? 15_000, 0);
  lifeLine?.write('go\n');
  const exited = new Promise<ForegroundExit>((resolve, reject) => {
    child.once('error', (error) => void notStarted({ command, cwd }, error).then(reject));
    child.once('exit', (code, signal) => {
      release?.();
      const exit = { exitCode: code ?? undefined, signal: signal ?? undefined };
      void missing(command, code).then((error) => (error ? reject(error) : resolve(exit)));
    });
  });
  const pid = child.pid ?? -1;
  return {
    pid,
    identity: pid === -1 ? Promise.resolve(undefined) : identityOf(pid),
    exited,
    kill: (signal) => void (child.exitCode === null && child.signalCode === null && child.kill(signal)),
  };
}

/** The shell's exit code for a command that it did not find may also be the command's own. */
async function missing(command: string, exitCode: number | null): Promise<PlatformError | undefined> {
  if (exitCode !== NOT_FOUND || (await findExecutable(command))) return undefined;
  return notStarted({ command }, Object.assign(new Error(`${command}: not found`), { code: 'ENOENT' }));
}
