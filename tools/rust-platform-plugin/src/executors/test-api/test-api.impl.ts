import type { ExecutorContext } from '@nx/devkit';
import { announceWait, holding } from '../../engines/cargo/hold-lock';
import { runHttpTests } from '../../engines/http-tests/run-http-tests';
import { machineLock } from '../../engines/locks';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import { prepareServices, withServices } from '../service-stack/isolated-services';
import { suiteOf } from './api-suite';
import { normalizeOptions, type NormalizedTestApiOptions, type TestApiOptions } from './normalize-options';
import { describeOutcome } from './report-http-tests';
import schema from './schema.json';

/** `test-api`: the `.http` files of a service against a server that is started for them alone. */
export default async function testApi(
  options: TestApiOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const work = (task: TaskContext) => testTask(task, normalizeOptions(options, process.env));
  return runTask({ context, target: 'test-api', options, schema, needsCargo: false, work });
}

async function testTask(task: TaskContext, options: NormalizedTestApiOptions): Promise<Outcome> {
  const suite = suiteOf(task);
  const prepared = await prepareServices(task, options.allowRemote);
  const lock = machineLock('shared', {
    purpose: `${task.target} of ${task.project}`,
    signal: task.signal,
    onWait: announceWait('the machine', task.report),
  });
  const { result, deaths } = await holding(lock, () =>
    withServices(task, prepared, 'test', async ({ stack }) => {
      const { requestTimeoutMs } = options;
      const { baseUrl, secrets } = stack;
      const tests = await runHttpTests({ ...suite, baseUrl, requestTimeoutMs, secrets, signal: task.signal });
      return { result: tests, deaths: await stack.deaths.deaths() };
    }),
  );
  return describeOutcome(task, result, deaths);
}
