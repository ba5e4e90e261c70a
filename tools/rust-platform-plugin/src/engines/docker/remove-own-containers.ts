import type Docker from 'dockerode';
import { findDockerEngine } from './find-docker-engine';
import { CHECKOUT_LABEL } from './own-compose-file';

/** Deletes a checkout's containers with their volumes and networks; resolves with what was removed. */
export async function removeOwnContainers(checkoutId: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const search = await findDockerEngine(env);
  if ('reason' in search) return [];
  const { docker } = search.engine;
  const filters = { label: [`${CHECKOUT_LABEL}=${checkoutId}`] };
  const removed: string[] = [];
  const projects = new Set<string>();
  for (const { Id, Names, Labels, Mounts } of await docker.listContainers({ all: true, filters })) {
    await docker.getContainer(Id).remove({ force: true, v: true });
    removed.push(`container ${Names[0]?.replace(/^\//, '') ?? Id}`);
    projects.add(Labels['com.docker.compose.project'] ?? '');
    for (const { Type, Name } of Mounts) {
      if (Type === 'volume' && Name) removed.push(...(await removeVolume(docker, Name)));
    }
  }
  for (const project of projects) removed.push(...(await removeNetworks(docker, project)));
  return removed;
}

/** Volumes of the Compose project alone: an external one is the user's. Anonymous ones went with the container. */
async function removeVolume(docker: Docker, name: string): Promise<string[]> {
  const volume = docker.getVolume(name);
  const labels = (await volume.inspect().catch(() => undefined))?.Labels;
  if (!labels?.['com.docker.compose.project']?.startsWith('rp-')) return [];
  await volume.remove();
  return [`volume ${name}`];
}

async function removeNetworks(docker: Docker, project: string): Promise<string[]> {
  if (!project.startsWith('rp-')) return [];
  const found = await docker.listNetworks({ filters: { label: [`com.docker.compose.project=${project}`] } });
  for (const { Id } of found) await docker.getNetwork(Id).remove();
  return found.map(({ Name }) => `network ${Name}`);
}
