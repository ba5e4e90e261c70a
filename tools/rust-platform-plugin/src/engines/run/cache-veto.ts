import { lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlive, type ProcessIdentity } from '../../process/process-identity';

export interface VetoPlace {
  workspaceRoot: string;
  stateDirectory: string;
  project: string;
  target: string;
  /** The run: as long as it lives, no other one takes its veto back. */
  holder: ProcessIdentity;
}

/** Relative to the workspace root; `project` may be a token of Nx. Every cached target declares it as an output. */
export function verdictFile(stateDirectory: string, project: string, target: string): string {
  return `${stateDirectory}/kept/${project}/${target}/verdict`;
}

/**
 * Keeps Nx from storing the result of a task, here and remotely, or allows it again. An executor cannot say so; but Nx
 * stores nothing when a declared output lies behind a symbolic link.
 */
export async function vetoCache(place: VetoPlace, isVetoed: boolean): Promise<void> {
  const { workspaceRoot, stateDirectory, project, target, holder } = place;
  const link = dirname(join(workspaceRoot, verdictFile(stateDirectory, project, target)));
  const owner = `${link}.run`;
  if (!isVetoed && (!(await isLink(link)) || (await isOfAnother(owner, holder)))) return;
  await rm(link, { recursive: true, force: true });
  if (!isVetoed) return rm(owner, { force: true });
  const behind = join(workspaceRoot, stateDirectory, 'not-kept');
  await mkdir(behind, { recursive: true });
  await mkdir(dirname(link), { recursive: true });
  await writeFile(join(behind, 'verdict'), '');
  await writeFile(owner, JSON.stringify(holder));
  await symlink(behind, link);
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

async function isOfAnother(owner: string, holder: ProcessIdentity): Promise<boolean> {
  try {
    const { pid, startTime } = JSON.parse(await readFile(owner, 'utf8')) as ProcessIdentity;
    return (pid !== holder.pid || startTime !== holder.startTime) && (await isAlive({ pid, startTime }));
  } catch {
    return false;
  }
}
