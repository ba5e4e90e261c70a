import { run } from '../../process/run';

/** Names of all projects of the workspace, by Nx; `undefined` when Nx cannot say. Takes about a second. */
export async function listProjects(
  workspaceRoot: string,
  nxScript: string,
  signal?: AbortSignal,
): Promise<string[] | undefined> {
  const args = [nxScript, 'show', 'projects', '--json'];
  const { exitCode, stdout } = await run(process.execPath, args, {
    cwd: workspaceRoot,
    timeoutMs: 60_000,
    signal,
  });
  return exitCode === 0 ? parseNames(stdout) : undefined;
}

function parseNames(text: string): string[] | undefined {
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : undefined;
  } catch {
    return undefined;
  }
}
