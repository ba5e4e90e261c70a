import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes cargo compile everything of a target directory once more, downloads too: their sources have no time that counts.
 * What is compiled stays, only cargo's notes of it go; by its layouts (`<profile>/.fingerprint`, newer
 * `<profile>/build/<package>/<hash>/fingerprint`).
 */
export async function forgetFingerprints(targetDirectory: string): Promise<void> {
  for (const profile of await profileFolders(targetDirectory)) {
    await rm(join(profile, '.fingerprint'), { recursive: true, force: true });
    for (const name of await list(join(profile, 'build'))) {
      for (const hash of await list(join(profile, 'build', name)))
        await rm(join(profile, 'build', name, hash, 'fingerprint'), { recursive: true, force: true });
    }
  }
}

/** Directly in it, or in the folder of a target triple. */
async function profileFolders(targetDirectory: string): Promise<string[]> {
  const direct = (await list(targetDirectory)).map((name) => join(targetDirectory, name));
  const below = await Promise.all(
    direct.map(async (folder) => (await list(folder)).map((name) => join(folder, name))),
  );
  const folders = [...direct, ...below.flat()];
  const isProfile = await Promise.all(
    folders.map(async (folder) =>
      (await list(folder)).some((name) => name === '.fingerprint' || name === 'build'),
    ),
  );
  return folders.filter((_folder, index) => isProfile[index]);
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
