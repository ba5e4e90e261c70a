import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { run, type RunResult } from '../process/run';
import { readTaskReport } from '../results/task-report-file';
import type { TaskReport } from '../results/task-report';
import type { ContextRequest } from './executor-context';
import { typeScriptArguments, runTypeScript, type TypeScriptProcess } from './run-typescript';

export interface ExecutorRun extends ContextRequest {
  /** Folder below `executors/`, e.g. `build`. */
  executor: string;
  options?: object;
  env?: Record<string, string | undefined>;
}

export interface ExecutorResult extends RunResult {
  report: TaskReport | undefined;
}

const MAIN = join(__dirname, 'executor-main.ts');

/** Runs an executor in a process of its own to its end, and reads the report that it left. */
export async function runExecutor(request: ExecutorRun): Promise<ExecutorResult> {
  const { root, project, target, env } = request;
  const args = [...typeScriptArguments(MAIN), ...argumentsOf(request)];
  const result = await run(process.execPath, args, { cwd: root, env: { ...QUIET, ...env } });
  return { ...result, report: await readTaskReport(root, 'reports', { project, target }) };
}

/** The same, to be watched and sent signals while it runs. */
export async function startExecutor(request: ExecutorRun): Promise<TypeScriptProcess> {
  return runTypeScript(MAIN, argumentsOf(request), { cwd: request.root, env: { ...QUIET, ...request.env } });
}

/** With a channel to its parent, as Nx starts it. */
export function forkExecutor(request: ExecutorRun): ChildProcess {
  const [require_ = '', register = '', main = ''] = typeScriptArguments(MAIN);
  return fork(main, argumentsOf(request), {
    cwd: request.root,
    env: { ...process.env, ...QUIET, ...request.env },
    execArgv: [require_, register],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

const QUIET = { NO_COLOR: undefined, FORCE_COLOR: undefined, RUST_BACKTRACE: '0' };

function argumentsOf({ executor, options = {}, ...context }: ExecutorRun): string[] {
  const file = join(__dirname, '..', 'executors', executor, `${executor}.impl.ts`);
  return [file, JSON.stringify(context), JSON.stringify(options)];
}
