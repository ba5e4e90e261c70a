import { PlatformError } from '../../errors';
import { run, type RunOptions, type RunResult } from '../../process/run';
import { cargoMissing } from './cargo-failures';

/** Nx kills an interrupted task after 5 s; the tree must be gone before. */
const KILL_GRACE_MS = 3000;

/** Throws `cargo-missing`, and the reason of the signal when that came meanwhile; never for an exit code. */
export async function runCargo(args: string[], options: RunOptions): Promise<RunResult> {
  try {
    const result = await run('cargo', args, { ...options, killGraceMs: KILL_GRACE_MS });
    options.signal?.throwIfAborted();
    return result;
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'command-not-found') throw cargoMissing(error);
    throw error;
  }
}
