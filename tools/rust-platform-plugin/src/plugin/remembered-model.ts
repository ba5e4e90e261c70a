import { loadServiceModel } from '../service-model/load-service-model';
import type { PlatformOptions } from '../service-model/platform-options';
import type { ServiceModel } from '../service-model/service-model';

let remembered: { workspaceRoot: string; model: ServiceModel } | undefined;

/** Nx calls createNodes before every createDependencies, in the same process: what it read is still true then. */
export function rememberModel(workspaceRoot: string, model: ServiceModel): void {
  remembered = { workspaceRoot, model };
}

export async function lastModel(
  workspaceRoot: string,
  options: () => PlatformOptions,
): Promise<ServiceModel> {
  if (remembered?.workspaceRoot === workspaceRoot) return remembered.model;
  return loadServiceModel({ workspaceRoot, options: options() });
}
