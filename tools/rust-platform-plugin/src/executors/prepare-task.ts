import type { ExecutorContext } from '@nx/devkit';
import type { PlatformOptions } from '../service-model/platform-options';
import { DEFAULT_OPTIONS } from '../service-model/platform-options';
import type { RustCrate, ServiceModel } from '../service-model/service-model';
import { assertReadableLock } from './assert-readable-lock';
import { compileSettings } from './compile-settings';
import { assertNoProblem, findCrate } from './find-crate';
import type { CompilingFacts, TaskContext } from './task-context';
import type { TaskDefinition } from './task-definition';
import type { TaskSurroundings } from './task-surroundings';
import { validateOptions } from './validate-options';
import type { RunIdentity } from '../engines/run/run-identity';

/** As far as it is known when a task ends early. */
export interface TaskState {
  options: PlatformOptions;
  run: RunIdentity | undefined;
}

export function initialState(): TaskState {
  return { options: DEFAULT_OPTIONS, run: undefined };
}

/** Everything that `work` needs; throws what is wrong with the task or its crate. */
export async function prepareTask(
  definition: TaskDefinition,
  { context, options }: { context: ExecutorContext; options: object },
  surroundings: TaskSurroundings & { hide: (text: string) => string },
  state: TaskState,
): Promise<TaskContext> {
  const { target, schema, needsCargo = true } = definition;
  const { facts, interruption, console, env, cargo } = surroundings;
  const run = (state.run = await facts.run());
  state.options = await facts.options();
  if (schema) validateOptions(target, options, schema);
  const model = await facts.model();
  const crate = findCrate(context, model);
  if (needsCargo) assertNoProblem(crate, model);
  interruption.signal.throwIfAborted();
  return {
    workspaceRoot: context.root,
    options: state.options,
    model,
    crate,
    service: crate.service,
    project: context.projectName ?? crate.project,
    projectNames: facts.projectNames(),
    target: context.targetName ?? target,
    report: console.line,
    hide: surroundings.hide,
    colour: console.colour,
    signal: interruption.signal,
    run,
    env,
    cargo: { progress: console.progress, ...cargo },
    scan: facts.scan,
    compiling: () => compilingOf(crate, model, { ...surroundings, workspaceRoot: context.root }),
  };
}

async function compilingOf(
  crate: RustCrate,
  model: ServiceModel,
  { facts, env, differing, workspaceRoot }: TaskSurroundings & { workspaceRoot: string },
): Promise<CompilingFacts> {
  await assertReadableLock(workspaceRoot, crate);
  const inputs = await facts.inputs(crate, env);
  if (!differing) return { inputs };
  return { inputs, ...compileSettings({ crate, model, scan: await facts.scan() }, { env, differing }) };
}
