import { isAlive } from '../../process/process-identity';
import { listServices } from '../supervisor';

/** One sentence for each service of this checkout that runs now and would share the machine with a measurement. */
export async function describeForeignLoad(workspaceRoot: string, stateDirectory: string): Promise<string[]> {
  const services = await listServices(workspaceRoot, { stateDirectory });
  const notes: string[] = [];
  for (const { project, purpose, pid, identity, state } of services) {
    if (purpose === 'dependency' || state === 'exited' || !(await isAlive(identity))) continue;
    notes.push(`foreign load: ${project} ran meanwhile (${purpose}, pid ${pid})`);
  }
  return notes;
}
