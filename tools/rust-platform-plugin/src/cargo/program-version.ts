import { exactEnvironment } from './exact-environment';
import { executableIdentity } from './locate-executable';
import { readDataFile, workspaceDataFile, writeDataFile } from './workspace-data';

const MOST_KEPT = 40;

/** What a program says for `--version`, kept until it is replaced. `undefined` when it does not run here. */
export async function programVersion(
  workspaceRoot: string,
  program: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const file = workspaceDataFile(workspaceRoot, 'programs', env);
  const known = readDataFile(file, isTextTable) ?? {};
  const identity = executableIdentity(program);
  if (known[identity] !== undefined) return known[identity];
  // Loaded only here: most runs find the answer in the file.
  const { run } = require('../process/run') as typeof import('../process/run');
  const { exitCode, stdout } = await run(program, ['--version'], {
    env: exactEnvironment(env),
    timeoutMs: 10_000,
  });
  if (exitCode !== 0) return undefined;
  const others = Object.entries(known).slice(1 - MOST_KEPT);
  writeDataFile(file, { ...Object.fromEntries(others), [identity]: stdout.trim() });
  return stdout.trim();
}

function isTextTable(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}
