import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { privateFolder, privateFolderIn } from '../../process/private-folder';

export interface SupervisorPaths {
  workspaceRoot: string;
  /** Relative to the workspace root, as the options name it. */
  stateDirectory: string;
  socket: string;
  stateFile: string;
  logFile: string;
  /** One file per run that uses servers which it started itself. */
  leases: string;
}

/** A socket's name holds 108 bytes on Linux and 104 on macOS, with its end. */
const LONGEST_SOCKET = 103;

export async function supervisorPaths(
  workspaceRoot: string,
  stateDirectory = '.rust-platform',
): Promise<SupervisorPaths> {
  const root = await realpath(workspaceRoot);
  const state = resolve(root, stateDirectory);
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return {
    workspaceRoot: root,
    stateDirectory,
    socket: await socketPath(`${hash}.sock`),
    stateFile: join(state, 'supervisor.json'),
    logFile: join(state, 'supervisor.log'),
    leases: join(state, 'leases'),
  };
}

async function socketPath(name: string): Promise<string> {
  const path = join(await privateFolder(), name);
  return path.length <= LONGEST_SOCKET ? path : join(await privateFolderIn('/tmp'), name);
}
