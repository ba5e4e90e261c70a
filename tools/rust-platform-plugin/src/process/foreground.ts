import { spawn } from 'node:child_process';
import { endWithUs } from './end-with-us';
import { dismissIdleGuardian, prepareGuardian } from './guardian';
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

export interface ForegroundProcess {
  pid: number;
  /** Resolves at once; `undefined` when the child has ended already. */
  identity: Promise<ProcessIdentity | undefined>;
  exited: Promise<{ exitCode: number | undefined; signal: NodeJS.Signals | undefined }>;
  /** Does nothing once the child has ended. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a child that shares our terminal and process group: Ctrl-C reaches it without us. Its file descriptor 3 is a
 * life line: it closes when this process ends, also by SIGKILL, so that the child can end itself. What it leaves of its
 * tree is then ended by a guardian.
 *
 * `exited` rejects with PlatformError `command-not-found`, `folder-not-found`, `command-not-started`.
 */
export function startForeground(options: ForegroundOptions): ForegroundProcess {
  const { command, args, cwd, env } = options;
  prepareGuardian(); // Before the child exists, so that there is no moment in which it is not guarded.
  const child = spawn(command, args, { cwd, env, stdio: ['inherit', 'inherit', 'inherit', 'pipe'] });
  const root = child.pid === undefined ? undefined : identityOfChild(child.pid);
  const release = root && endWithUs(root, options.killGraceMs ?? 15_000, 0);
  child.stdio[3]?.on('error', () => undefined);
  const exited = new Promise<{ exitCode: number | undefined; signal: NodeJS.Signals | undefined }>(
    (resolve, reject) => {
      child.once('error', (error) => {
        dismissIdleGuardian();
        void notStarted({ command, cwd }, error).then(reject);
      });
      child.once('exit', (code, signal) => {
        release?.();
        resolve({ exitCode: code ?? undefined, signal: signal ?? undefined });
      });
    },
  );
  const pid = child.pid ?? -1;
  return {
    pid,
    identity: pid === -1 ? Promise.resolve(undefined) : identityOf(pid),
    exited,
    kill: (signal) => void (child.exitCode === null && child.signalCode === null && child.kill(signal)),
  };
}
