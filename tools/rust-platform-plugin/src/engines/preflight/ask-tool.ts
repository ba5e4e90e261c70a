import { run, type RunResult } from '../../process/run';

/** rustup would download a pinned toolchain that is missing: pre-flight changes nothing. */
const NO_DOWNLOAD = { RUSTUP_AUTO_INSTALL: '0' };

/** Asks cargo or rustc in a folder, with the toolchain that is pinned there. */
export async function askTool(
  tool: 'cargo' | 'rustc',
  folder: string,
  args: string[],
  signal?: AbortSignal,
): Promise<RunResult> {
  return run(tool, args, { cwd: folder, env: NO_DOWNLOAD, signal });
}

/** rustup's sentence for a toolchain that the folder pins and that is not installed; `undefined` for anything else. */
export function missingToolchain({ stderr }: Pick<RunResult, 'stderr'>): string | undefined {
  return /toolchain '([^']+)' is not installed/.exec(stderr)?.[1];
}
