import type { CheckResult, PreflightRequest } from './preflight-types';

/** Whether the lock fits the manifests is cargo's own verdict, given when a task runs it with `--locked`. */
export async function checkLocks({ cargoRoots }: PreflightRequest): Promise<CheckResult[]> {
  return cargoRoots.map(({ folder, lockFile }): CheckResult => {
    if (lockFile) return { name: 'lock file', state: 'ok', detail: lockFile };
    const fix = `cd '${folder}' && cargo generate-lockfile`;
    return {
      name: 'lock file',
      state: 'note',
      detail: `no Cargo.lock in ${folder}, so nothing is cached (${fix})`,
    };
  });
}
