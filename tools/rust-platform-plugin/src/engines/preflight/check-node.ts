import { EXIT, PlatformError } from '../../errors';
import type { CheckResult, PreflightRequest } from './preflight-types';

const OLDEST = [20, 19] as const;

export async function checkNode(
  _request: PreflightRequest,
  version = process.versions.node,
): Promise<CheckResult[]> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  if (isNew) return [{ name: 'node', state: 'ok', detail: version }];
  const error = new PlatformError({
    code: 'node-too-old',
    what: `Node ${version} is too old: at least ${OLDEST.join('.')} is needed`,
    fix: 'install a current version: https://nodejs.org/en/download',
    exitCode: EXIT.preflight,
  });
  return [{ name: 'node', state: 'problem', detail: error.what, error }];
}
