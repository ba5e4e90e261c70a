import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Absolute path of a program on PATH or where `cargo install` puts it. */
export function findTool(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), '.cargo/bin')];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** `describe` where the program is installed; else skipped with the reason on the console, and an error in CI. */
export function describeWith(tool: string, install: string): jest.Describe {
  if (findTool(tool)) return describe;
  const reason = `skipped: ${tool} is not installed (${install})`;
  if (process.env['CI']) throw new Error(reason);
  console.warn(reason);
  return describe.skip;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
