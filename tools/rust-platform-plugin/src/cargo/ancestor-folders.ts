import { dirname } from 'node:path';

/** The folder itself and everything above it, nearest first. */
export function ancestorFolders(folder: string): string[] {
  const folders = [folder];
  for (let current = folder; dirname(current) !== current; current = dirname(current)) {
    folders.push(dirname(current));
  }
  return folders;
}
