import { join } from 'node:path';
import { run, type RunResult } from '../process/run';
import type { TaskReport } from '../results/task-report';
import { readTaskReport } from '../results/task-report-file';
import type { ExecutorRun } from './run-executor';
import { typeScriptArguments } from './run-typescript';

/**
 * Runs an executor below a shell that ends with it, as a task of Nx does: then the run is over and what only it used may be
 * stopped. Directly below Jest it would last as long as Jest.
 */
export async function runAsNx(request: ExecutorRun): Promise<RunResult & { report: TaskReport | undefined }> {
  const { executor, options = {}, env = {}, ...context } = request;
  const { root, project, target } = context;
  const main = typeScriptArguments(join(__dirname, 'executor-main.ts'));
  const file = join(__dirname, '..', 'executors', executor, `${executor}.impl.ts`);
  const args = [process.execPath, ...main, file, JSON.stringify(context), JSON.stringify(options)];
  const result = await run('sh', ['-c', '"$@"; exit $?', 'sh', ...args], { cwd: root, env });
  return { ...result, report: await readTaskReport(root, 'reports', { project, target }) };
}
