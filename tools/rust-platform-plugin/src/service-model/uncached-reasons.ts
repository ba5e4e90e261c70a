/** Targets that share the key, and so the reasons, of another. */
const SHARED: Record<string, string> = { check: 'clippy', 'test-api': 'api' };

/**
 * Set by `preTasksExecution` for tasks that run uncached this time; the tasks show it. `target`: a target, or its family of
 * keys.
 */
export function uncachedVariable(project: string, target: string): string {
  const name = `${SHARED[target] ?? target}_${project}`.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  return `RUST_PLATFORM_UNCACHED_${name}`;
}

/** Why a cached target of a crate cannot be answered from the cache in this run, one sentence each. */
export function uncachedReasons(
  project: string,
  target: string,
  env: NodeJS.ProcessEnv = process.env,
): string[] {
  return (env[uncachedVariable(project, target)] ?? '').split('\n').filter((reason) => reason !== '');
}
