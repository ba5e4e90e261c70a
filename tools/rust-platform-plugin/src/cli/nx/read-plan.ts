import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../process/run';
import { runsDirectory } from '../../results/run-folder';
import type { TaskPlan } from '../../results/task-plan';
import { splitAtDashes } from '../split-arguments';
import { parseTaskGraph } from './parse-task-graph';

const LONGEST_PLAN_MS = 120_000;
const SHOWN_LINES = 5;

export interface PlanRequest {
  workspaceRoot: string;
  stateDirectory: string;
  nxScript: string;
  /** As for the run itself, e.g. `run-many -t testing -p shop`. */
  nxArgs: readonly string[];
  env: NodeJS.ProcessEnv;
  runId: string;
  signal?: AbortSignal;
}

/** Without daemon and plugin processes Nx takes a third of the time, and neither starts nor disturbs a daemon. */
const FAST = { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' };

/** Asks Nx for the task graph of a command line; no task starts. Rejects with a plain error that says what Nx said. */
export async function readPlan(request: PlanRequest): Promise<TaskPlan> {
  try {
    return await askNx(request, FAST);
  } catch (error) {
    // A plugin of somebody else may need a process of its own.
    if (request.signal?.aborted) throw error;
    return askNx(request, {});
  }
}

async function askNx(request: PlanRequest, mode: Record<string, string>): Promise<TaskPlan> {
  const { workspaceRoot, stateDirectory, nxScript, nxArgs, env, runId, signal } = request;
  const folder = runsDirectory(workspaceRoot, stateDirectory);
  const file = join(folder, `${runId}.plan.json`);
  await mkdir(folder, { recursive: true });
  try {
    const [own, verbatim] = splitAtDashes(nxArgs);
    const result = await run(process.execPath, [nxScript, ...own, `--graph=${file}`, ...verbatim], {
      cwd: workspaceRoot,
      env: { ...env, ...mode, NX_TUI: 'false' },
      timeoutMs: LONGEST_PLAN_MS,
      signal,
    });
    if (result.exitCode !== 0)
      throw new Error(lastLines(result.stdout + result.stderr) || 'nx --graph failed');
    return parseTaskGraph(JSON.parse(await readFile(file, 'utf8')));
  } finally {
    await rm(file, { force: true });
  }
}

function lastLines(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter(Boolean).slice(-SHOWN_LINES).join(' ');
}
