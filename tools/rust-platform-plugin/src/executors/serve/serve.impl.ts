import { emitReadySignal, type ExecutorContext } from '@nx/devkit';
import { serviceDied } from '../../engines/service-run/service-death';
import { startService } from '../../engines/service-run/start-service';
import { untilEnded, untilReady } from '../../engines/service-run/until-ready';
import { connectSupervisor, type RunningService } from '../../engines/supervisor';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import { prepareServe } from './prepare-serve';
import schema from './schema.json';

/** `serve`: the built service under the supervisor of the checkout, until it ends or is to end. Continuous. */
export default async function serve(
  options: object,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask({
    context,
    target: 'serve',
    options,
    schema,
    needsCargo: false,
    endsBySignal: true,
    work: serveTask,
  });
}

async function serveTask(task: TaskContext): Promise<Outcome> {
  const { workspaceRoot, options, signal, report } = task;
  const { request, notes } = await prepareServe(task);
  for (const note of notes) report(`note: ${note}`);
  const client = await connectSupervisor(workspaceRoot, { stateDirectory: options.stateDirectory });
  try {
    signal.throwIfAborted();
    const service = await startService({ ...request, client, onLine: report });
    try {
      return await serveUntilEnd(task, service, `http://${request.host}:${service.port}`);
    } finally {
      const stopped = service.stop();
      // The supervisor gives the service its full grace, for which Nx would not wait: it goes on when we are gone.
      if (signal.aborted) stopped.catch(() => undefined);
      else await stopped;
    }
  } finally {
    client.close();
  }
}

async function serveUntilEnd(task: TaskContext, service: RunningService, url: string): Promise<Outcome> {
  const { signal, report, project } = task;
  const start = Date.now();
  await untilReady(service, signal);
  report(`${project} is ready at ${url}`);
  emitReadySignal(url);
  await untilEnded(service, signal);
  if (!signal.aborted) throw serviceDied(project, service, await service.exited);
  return { status: 'passed', headline: `served ${describeTime(Date.now() - start)} at ${url}` };
}

function describeTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
