import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';

/** Absolute path of a program on PATH, then in the extra folders; undefined when it is nowhere. */
export async function findExecutable(name: string, extraFolders: string[] = []): Promise<string | undefined> {
  if (name.includes('/')) return (await isExecutable(resolve(name))) ? resolve(name) : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...extraFolders];
  for (const folder of folders) {
    const candidate = resolve(join(folder, name));
    if (folder !== '' && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
