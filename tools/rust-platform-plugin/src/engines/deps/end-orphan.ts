import { describeProcess } from '../../process/process-facts';
import type { Report } from '../endpoints';
import { removePortEntry, type PortEntry } from './port-registry';
import { SERVER_NAME } from './server-names';
import { stopProcess } from './stop-process';

/**
 * Ends a server that this folder's earlier state started and whose data folder was deleted under it (`rm -rf` of the state
 * directory): nobody else would ever stop it. True when it is gone.
 */
export async function endOrphan(entry: PortEntry, root: string, report: Report): Promise<boolean> {
  if (entry.workspaceRoot !== root || !entry.identity || !entry.state) return false;
  const cwd = (await describeProcess(entry.identity.pid))?.cwd;
  if (!cwd?.endsWith(' (deleted)')) return false;
  await stopProcess({ identity: entry.identity, port: entry.port, signal: 'SIGTERM', graceMs: 10_000 });
  await removePortEntry(entry.port, entry.checkout);
  report(
    `${SERVER_NAME[entry.kind]}: an earlier one of this folder (pid ${entry.identity.pid}) lost its data and was ended`,
  );
  return true;
}
