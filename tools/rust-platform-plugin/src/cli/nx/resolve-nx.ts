import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EXIT, PlatformError } from '../../errors';

/** By name of the workspace, not of this package: it may run another Nx than the one beside the plugin. */
const NX_SCRIPT = 'nx/bin/nx.js';

/** The script of the Nx that is installed in the workspace. */
export function resolveNx(workspaceRoot: string): string {
  try {
    return createRequire(join(workspaceRoot, 'package.json')).resolve(NX_SCRIPT);
  } catch (error) {
    throw new PlatformError({
      code: 'nx-missing',
      what: `Nx is not installed in ${workspaceRoot}`,
      fix: `cd '${workspaceRoot}' && npm ci`,
      exitCode: EXIT.preflight,
      cause: error,
    });
  }
}
