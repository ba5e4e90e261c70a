import type { ExecutorContext } from '@nx/devkit';
import { announceWait, holding } from '../../engines/cargo/hold-lock';
import { runHttpTests } from '../../engines/http-tests/run-http-tests';
import { secretsOfTargetUrl, showTargetUrl } from '../../engines/http-tests/target-url';
import { machineLock } from '../../engines/locks';
import { findServedService } from '../../engines/service-run/find-served-service';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import { suiteOf } from '../test-api/api-suite';
import { describeOutcome } from '../test-api/report-http-tests';
import {
  normalizeOptions,
  type NormalizedTestApiLiveOptions,
  type TestApiLiveOptions,
} from './normalize-options';
import schema from './schema.json';

/** `test-api-live`: the `.http` files of a service against a server that is already there. */
export default async function testApiLive(
  options: TestApiLiveOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const work = (task: TaskContext) => testTask(task, normalizeOptions(options, process.env));
  return runTask({ context, target: 'test-api-live', options, schema, needsCargo: false, work });
}

async function testTask(
  task: TaskContext,
  { url, requestTimeoutMs }: NormalizedTestApiLiveOptions,
): Promise<Outcome> {
  const { workspaceRoot, options, crate, signal, report } = task;
  const suite = suiteOf(task);
  const baseUrl =
    url ?? (await findServedService(workspaceRoot, options.stateDirectory, crate.project)).baseUrl;
  const lock = machineLock('shared', {
    purpose: `${task.target} of ${task.project}`,
    signal,
    onWait: announceWait('the machine', report),
  });
  report(`testing ${showTargetUrl(baseUrl)}`);
  const secrets = secretsOfTargetUrl(baseUrl);
  const request = { ...suite, baseUrl, requestTimeoutMs, signal, secrets };
  const result = await holding(lock, () => runHttpTests(request));
  return describeOutcome(task, result);
}
