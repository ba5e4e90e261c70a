import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isColorSupported } from 'picocolors';
import { EXIT, PlatformError } from '../errors';

/** What a command may know of the world around it. */
export interface CliContext {
  /** Absolute folder of nx.json. */
  workspaceRoot: string;
  env: NodeJS.ProcessEnv;
  /** Results, on stdout: what a pipe is for. */
  write: (text: string) => void;
  /** One line for a person on stderr: what is being done, what is waited for. */
  report: (line: string) => void;
  /** Columns of the terminal; `undefined` in a pipe. */
  width: number | undefined;
  colour: boolean;
}

export function createContext(cwd = process.cwd()): CliContext {
  return {
    workspaceRoot: findWorkspaceRoot(cwd),
    env: process.env,
    write: (text) => void process.stdout.write(text),
    report: (line) => void process.stderr.write(`${line}\n`),
    // A terminal that does not know its size says 0.
    width: (process.stdout.isTTY && process.stdout.columns) || undefined,
    colour: wantsColour(),
  };
}

/** NO_COLOR wins; FORCE_COLOR, a terminal or a CI system turn it on; `TERM=dumb` and pipes off. */
function wantsColour(): boolean {
  return isColorSupported && process.env['FORCE_COLOR'] !== '0';
}

function findWorkspaceRoot(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new PlatformError({
    code: 'no-workspace',
    what: `${cwd} is not inside an Nx workspace: neither it nor a folder above it has an nx.json`,
    fix: 'cd into the workspace',
    exitCode: EXIT.usage,
  });
}
