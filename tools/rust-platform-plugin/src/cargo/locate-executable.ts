import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The file that a name means on the PATH of `env` (not of this process); `undefined` when there is none. */
export function locateExecutable(name: string, env: NodeJS.ProcessEnv): string | undefined {
  if (isAbsolute(name)) return isExecutable(name) ? name : undefined;
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Changes when the program is replaced or another one is found first. */
export function executableIdentity(file: string | undefined): string {
  if (file === undefined) return 'missing';
  const { size, mtimeMs } = statSync(file);
  return [file, realpathSync(file), size, mtimeMs].join(' ');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
