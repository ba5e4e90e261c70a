import { run } from '../../../process/run';

const TIMEOUT_MS = 10 * 60_000;

/** Runs one step of a download; throws a plain error with the tool's last words. */
export async function runFetch(
  command: string,
  args: string[],
  { cwd, env, signal }: { cwd: string; env: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<void> {
  const { exitCode, stdout, stderr, timedOut } = await run(command, args, {
    cwd,
    env: { ...env },
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  signal?.throwIfAborted();
  if (exitCode === 0) return;
  const words = `${stderr}\n${stdout}`.trim().split('\n').slice(-3).join(' | ');
  throw new Error(
    timedOut ? `${command} took more than ${TIMEOUT_MS / 60_000} minutes` : words || `${command} failed`,
  );
}
