import type { ExecutorContext } from '@nx/devkit';
import type { BenchResult } from '../../engines/bench/bench-result';
import { formatBudget, formatHeadline, formatTable } from '../../engines/bench/format-bench';
import { runBench } from '../../engines/bench/run-bench';
import type { BenchPlan } from '../../engines/bench/scenarios';
import { announceWait, holding } from '../../engines/cargo/hold-lock';
import { machineLock } from '../../engines/locks';
import { describeForeignLoad } from '../../engines/service-run/foreign-load';
import { PlatformError } from '../../errors';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import {
  prepareServices,
  withServices,
  type PreparedServices,
  type RunningServices,
} from '../service-stack/isolated-services';
import { printError } from '../task-console';
import { normalizeOptions, type BenchOptions, type NormalizedBenchOptions } from './normalize-options';
import { readPlan } from './read-plan';
import schema from './schema.json';

/** `bench`: throughput and latency of a service, measured alone on the machine. Figures only: no verdict on them. */
export default async function bench(
  options: BenchOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const work = (task: TaskContext) => benchTask(task, normalizeOptions(options, process.env));
  return runTask({ context, target: 'bench', options, schema, needsCargo: false, work });
}

async function benchTask(
  task: TaskContext,
  { settings, allowRemote }: NormalizedBenchOptions,
): Promise<Outcome> {
  const { workspaceRoot, options, project, report, signal } = task;
  const plan = await readPlan(task);
  const prepared = await prepareServices(task, allowRemote);
  report(formatBudget(settings));
  const lock = machineLock('exclusive', {
    purpose: `${task.target} of ${project}`,
    signal,
    onWait: announceWait('the machine: a benchmark runs alone', report),
  });
  const result = await holding(lock, async () => {
    const foreign = await describeForeignLoad(workspaceRoot, options.stateDirectory);
    const measured = await withServices(task, prepared, 'bench', async (running) => {
      const { stack } = running;
      const done = await runBench({
        workspaceRoot,
        baseUrl: stack.baseUrl,
        plan,
        settings,
        environment: knownEnvironment(prepared, running),
        report,
        signal: AbortSignal.any([signal, stack.deaths.signal]),
      });
      const [death] = await stack.deaths.deaths();
      if (death) throw death.error;
      return done;
    });
    return { ...measured, notes: [...measured.notes, ...foreign] };
  });
  return describeResult(task, plan, result);
}

function describeResult({ report }: TaskContext, plan: BenchPlan, result: BenchResult): Outcome {
  for (const line of formatTable(result)) report(line);
  const error = result.failures.length > 0 ? benchFailed(result.failures) : undefined;
  if (error) printError(error);
  const marked = plan.source === 'health' ? ' (health URL only)' : '';
  const outcome = {
    status: error ? ('failed' as const) : ('passed' as const),
    headline: `${formatHeadline(result)}${marked}`,
    notes: result.notes,
    data: result,
    ...(error ? { error } : {}),
  };
  return outcome;
}

function knownEnvironment({ binaries }: PreparedServices, { endpoints, logLevel }: RunningServices) {
  const { postgres, redis } = endpoints;
  const { file = '', sha256 = '', bytes = 0, rustc = '' } = binaries.at(-1) ?? {};
  return {
    rustc,
    logLevel,
    binary: { file, sha256, bytes },
    servers: {
      ...(postgres ? { postgres: postgres.version } : {}),
      ...(redis ? { redis: redis.version } : {}),
    },
  };
}

function benchFailed([first = '', ...more]: string[]): PlatformError {
  return new PlatformError({
    code: 'bench-errors',
    what: `the benchmark is no success: ${first}`,
    why: more.length > 0 ? more.join('\n') : undefined,
    fix: 'see the log of the service, or expect the status: `expect = [200, 404]` in bench/scenarios.toml',
  });
}
