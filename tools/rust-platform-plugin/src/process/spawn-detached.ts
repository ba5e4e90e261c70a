import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { PlatformError } from '../errors';
import { entryPoint } from './entry-point';
import { ownProcessEnvironment, SERVICE_MARKER } from './environment';
import type { ProcessIdentity } from './process-identity';
import { notStarted } from './start-errors';

export interface DetachedOptions {
  command: string;
  args: string[];
  cwd: string;
  /** Complete environment; a service's marker is taken out, since the process is no part of that service. */
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  /** Appended to; otherwise `/dev/null`. */
  stdoutFile?: string;
  stderrFile?: string;
}

export type DetachedAnswer = { identity: ProcessIdentity } | { error: { code?: string; message: string } };

/**
 * Starts a process that outlives us and that nobody finds below us: own session, parent 1, no open file of ours. A short
 * process in between starts it and ends, because a detached child alone is still our child, and Nx ends children.
 *
 * @throws PlatformError `command-not-found`, `folder-not-found`, `command-not-started`.
 */
export async function spawnDetached(options: DetachedOptions): Promise<ProcessIdentity> {
  const between = spawn(process.execPath, entryPoint(__dirname, 'detach-main'), {
    env: ownProcessEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve, reject) => {
    between.once('close', () => resolve());
    between.once('error', reject);
  });
  // The environment may hold secrets: it goes through the pipe, not through arguments.
  between.stdin.on('error', () => undefined);
  between.stdin.end(JSON.stringify({ ...options, env: { ...options.env, [SERVICE_MARKER]: undefined } }));
  const [answer, complaint] = await Promise.all([text(between.stdout), text(between.stderr), ended]);
  const parsed = parseAnswer(answer, complaint);
  if ('error' in parsed) throw await notStarted(options, parsed.error);
  return parsed.identity;
}

function parseAnswer(answer: string, complaint: string): DetachedAnswer {
  try {
    return JSON.parse(answer) as DetachedAnswer;
  } catch (cause) {
    throw new PlatformError({
      code: 'command-not-started',
      what: 'the process that starts background processes ended without an answer',
      why: complaint.trim().split('\n').slice(-10).join('\n'),
      fix: 'node --version   # 20.19 or newer is needed',
      cause,
    });
  }
}
