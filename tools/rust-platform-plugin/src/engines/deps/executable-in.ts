import { access, constants, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** The absolute path of a program in a folder, when it is there and may be run. */
export async function executableIn(folder: string, name: string): Promise<string | undefined> {
  if (!isAbsolute(folder)) return undefined;
  const file = join(folder, name);
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

/** The first folder of a PATH that holds the program. */
export async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of pathFolders(env)) {
    const found = await executableIn(folder, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function pathFolders(env: NodeJS.ProcessEnv): string[] {
  return (env['PATH'] ?? '').split(':').filter(isAbsolute);
}
