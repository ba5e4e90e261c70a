import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, PlatformError } from '../errors';

/** The system's temporary folder. Under Jest `process.env` is a copy, and `os.tmpdir()` does not see a TMPDIR set in it. */
export function temporaryRoot(): string {
  return process.env['TMPDIR'] || tmpdir();
}

/**
 * `<tmp>/rust-platform-<uid>/<names…>`, created when missing, for this user alone. The temporary folder is everybody's:
 * a folder that somebody else prepared would let him hold our locks and answer on our sockets.
 *
 * @throws PlatformError `unsafe-temporary-folder`.
 */
export function privateFolder(...names: string[]): Promise<string> {
  return privateFolderIn(temporaryRoot(), ...names);
}

/** The same below another temporary folder, e.g. one with a shorter name. */
export async function privateFolderIn(temporary: string, ...names: string[]): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const root = join(temporary, `rust-platform-${uid}`);
  await mkdir(root, { mode: 0o700, recursive: true });
  const found = await lstat(root);
  if (!found.isDirectory() || found.uid !== uid) {
    throw new PlatformError({
      code: 'unsafe-temporary-folder',
      what: `${root} was not made by this user`,
      why: 'locks and sockets in it could be somebody else’s',
      fix: [`sudo rm -r ${root}`, 'TMPDIR=$HOME/tmp   # a temporary folder of your own'],
      exitCode: EXIT.preflight,
    });
  }
  if ((found.mode & 0o077) !== 0) await chmod(root, 0o700);
  const folder = join(root, ...names);
  await mkdir(folder, { mode: 0o700, recursive: true });
  return folder;
}
