import { endTree } from '../../process/end-tree';
import { entryPoint } from '../../process/entry-point';
import { startForeground, type ForegroundProcess } from '../../process/foreground';
import type { Interruption } from '../interruption';

/** Ctrl-C of a terminal reaches Nx by itself; one that was sent to the launcher alone is passed on after this time. */
const OWN_SIGNAL_MS = 1_000;
/** Nx gives a task tree 5 s. */
const HANGING_NX_MS = 30_000;

export interface NxRequest {
  workspaceRoot: string;
  nxScript: string;
  nxArgs: readonly string[];
  env: NodeJS.ProcessEnv;
  runId: string;
  interruption: Interruption;
}

/**
 * Runs Nx in our terminal and process group. The first signal is left to Nx, which ends its tasks; a second one, or an
 * Nx that hangs, ends its whole tree. Resolves when Nx has ended.
 */
export async function runNx(request: NxRequest): Promise<{ exitCode: number }> {
  const { workspaceRoot, nxScript, nxArgs, env, runId, interruption } = request;
  const nx = startForeground({
    command: process.execPath,
    args: [...entryPoint(__dirname, 'nx-process'), nxScript, runId, ...nxArgs],
    cwd: workspaceRoot,
    env,
  });
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, action: () => void) => void timers.push(setTimeout(action, ms));
  let force: Promise<unknown> | undefined;
  const end = () => void (force ??= forceEnd(nx));
  interruption.onSignal((name, count) => {
    if (count > 1) return end();
    // Nx takes no notice of a signal that it has already acted on.
    if (name === 'SIGINT') later(OWN_SIGNAL_MS, () => nx.kill(name));
    else nx.kill(name);
    later(HANGING_NX_MS, end);
  });
  const { exitCode, signal } = await nx.exited;
  timers.forEach(clearTimeout);
  await force;
  return { exitCode: exitCode ?? (signal === 'SIGINT' ? 130 : 143) };
}

async function forceEnd(nx: ForegroundProcess): Promise<void> {
  const identity = await nx.identity;
  if (identity) await endTree(identity, { graceMs: 0 });
}
