import { loadServiceModel } from '../service-model/load-service-model';
import type { PlatformOptions } from '../service-model/platform-options';
import type { ServiceModel } from '../service-model/service-model';

let remembered: { workspaceRoot: string; model: ServiceModel } | undefined;

/**
 * What createNodes read last. createDependencies and the keys go by it, so that they fit the graph that Nx has: it came from
 * the same call, in the same process.
 */
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
