import { createRunId } from '../results/run-marker';
import { loadPlatformOptions } from '../service-model/load-platform-options';
import { loadServiceModel } from '../service-model/load-service-model';
import type { PlatformOptions } from '../service-model/platform-options';
import type { ServiceModel } from '../service-model/service-model';
import type { CliContext } from './cli-context';
import type { Interruption } from './interruption';
import { resolveNx } from './nx/resolve-nx';
import { chainEnvironment } from './resolve-run';
import type { LauncherOptions } from './run-request';

/** What the steps of one run share. */
export interface RunWorld {
  context: CliContext;
  options: PlatformOptions;
  model: ServiceModel;
  nxScript: string;
  runId: string;
  /** Of the Nx process. */
  env: NodeJS.ProcessEnv;
  interruption: Interruption;
}

export async function createWorld(
  context: CliContext,
  interruption: Interruption,
  launcher: LauncherOptions,
): Promise<RunWorld> {
  const { workspaceRoot, env } = context;
  const nxScript = resolveNx(workspaceRoot);
  const options = await loadPlatformOptions(workspaceRoot);
  const model = await loadServiceModel({ workspaceRoot, options, env, signal: interruption.signal });
  const runEnv = { ...env, ...chainEnvironment(launcher) };
  return { context, options, model, nxScript, runId: createRunId(), env: runEnv, interruption };
}
