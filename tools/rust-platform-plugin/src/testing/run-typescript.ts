import { join } from 'node:path';
import { mergeEnvironment } from '../process/environment';
import type { ProcessIdentity } from '../process/process-identity';
import { spawnChild, type ChildExit } from '../process/spawn-child';
import { eventually } from './eventually';

export interface TypeScriptProcess {
  identity: ProcessIdentity;
  /** Everything it has written so far, both streams. */
  lines: string[];
  exited: Promise<ChildExit>;
  /** Waits for a line and returns it. */
  line(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** Node arguments that run a TypeScript file of ours. */
export function typeScriptArguments(file: string): string[] {
  return ['--require', join(__dirname, 'register-typescript.cjs'), file];
}

/** Runs one of our TypeScript files in a Node process of its own; `file` is absolute. */
export async function runTypeScript(
  file: string,
  args: string[] = [],
  { cwd, env }: { cwd?: string; env?: Record<string, string | undefined> } = {},
): Promise<TypeScriptProcess> {
  const lines: string[] = [];
  const child = await spawnChild({
    command: process.execPath,
    args: [...typeScriptArguments(file), ...args],
    cwd,
    env: mergeEnvironment(env),
    onLines: (more) => lines.push(...more),
  });
  return {
    identity: child.identity,
    lines,
    exited: child.exited,
    line: (pattern) =>
      eventually(
        () => lines.find((line) => pattern.test(line)),
        () => `a line ${pattern} from ${file}; it said:\n${lines.join('\n')}`,
      ),
    kill: (signal) => void process.kill(child.identity.pid, signal),
  };
}
