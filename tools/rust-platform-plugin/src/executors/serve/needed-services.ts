import { listServices } from '../../engines/supervisor';
import { readDotenv } from '../../service-model/read-dotenv';
import { configuredPort } from '../../service-model/service-environment';
import type { TaskContext } from '../run-executor';
import { serviceCrate, type ServiceCrate } from '../service-stack/start-order';
import { withoutPort } from '../service-stack/without-port';

export interface NeededServices {
  /** Base URLs by project. */
  urls: Record<string, string>;
  notes: string[];
}

/** Where the services are that this one calls: where this checkout serves them, else where they would be. */
export async function findNeededServices(
  { workspaceRoot, options, model }: TaskContext,
  { project, service }: ServiceCrate,
  shellEnv: NodeJS.ProcessEnv,
): Promise<NeededServices> {
  const names = service.needs.flatMap((need) => (need.kind === 'service' ? need.project : []));
  if (names.length === 0) return { urls: {}, notes: [] };
  const running = await listServices(workspaceRoot, { stateDirectory: options.stateDirectory });
  const found: NeededServices = { urls: {}, notes: [] };
  for (const name of names) {
    const crate = serviceCrate(model, name, project);
    const served = running.find(
      (state) => state.project === name && state.purpose === 'serve' && state.state !== 'exited',
    );
    // PORT of the shell is meant for the service that is asked for, not for those behind it.
    const dotenv = await readDotenv(workspaceRoot, crate.root);
    const port =
      served?.port ?? configuredPort({ service: crate.service, shellEnv: withoutPort(shellEnv), dotenv });
    found.urls[name] = `http://127.0.0.1:${port}`;
    if (!served)
      found.notes.push(`${name}, which ${project} needs, is not served: rust-platform serve ${name}`);
  }
  return found;
}
