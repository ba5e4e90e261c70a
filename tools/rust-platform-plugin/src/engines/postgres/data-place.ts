import { chown, lstat, mkdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { EXIT, PlatformError } from '../../errors';
import { temporaryRoot } from '../../process/private-folder';
import type { Report } from '../endpoints';
import type { ServerUser } from './server-user';

export interface PlaceRequest {
  /** Where it would be: absolute folder inside the checkout. */
  wanted: string;
  /** Name of the folder in the temporary one, when the other cannot be reached. */
  checkoutId: string;
  name: string;
  /** Who must reach it; `undefined`: ourselves. */
  user: ServerUser | undefined;
  report: Report;
}

/**
 * The folder for a server's files, created and owned by the server's user. Root's checkout in a folder that only root
 * may enter (`/root`, 0700) is out of reach of the unprivileged server: its files then lie in the temporary folder.
 */
export async function createServerFolder(request: PlaceRequest): Promise<string> {
  const { wanted, user } = request;
  await mkdir(dirname(wanted), { recursive: true });
  const barrier = user === undefined ? undefined : await findBarrier(dirname(wanted), user);
  const folder = barrier === undefined ? wanted : await temporaryFolder(request.checkoutId, request.name);
  if (barrier !== undefined) {
    request.report(
      `user ${user?.name} cannot enter ${barrier}, so the files of ${request.name} are in ${folder}`,
    );
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  return folder;
}

/** The outermost folder on the way to `folder` that the user may not pass. */
export async function findBarrier(folder: string, user: ServerUser): Promise<string | undefined> {
  const parent = dirname(folder);
  const outer = parent === folder ? undefined : await findBarrier(parent, user);
  if (outer !== undefined) return outer;
  const { mode, uid, gid } = await stat(folder);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & bit) === 0 ? folder : undefined;
}

/** Beside the private `rust-platform-<uid>`, since an unprivileged server must be able to pass this one. */
export function temporaryBase(): string {
  return join(temporaryRoot(), `rust-platform-${userInfo().uid}-data`);
}

async function temporaryFolder(checkoutId: string, name: string): Promise<string> {
  const base = temporaryBase();
  await mkdir(base, { mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const { uid } = await lstat(base);
  if (uid !== userInfo().uid || !(await lstat(base)).isDirectory()) throw foreignFolder(base);
  const folder = join(base, checkoutId);
  await mkdir(folder, { recursive: true, mode: 0o711 });
  return join(folder, name);
}

function foreignFolder(folder: string): PlatformError {
  return new PlatformError({
    code: 'foreign-folder',
    what: `${folder} belongs to somebody else, so no server data is put there`,
    fix: `remove it (ls -ld ${folder}), or set TMPDIR to a folder of your own`,
    exitCode: EXIT.preflight,
  });
}
