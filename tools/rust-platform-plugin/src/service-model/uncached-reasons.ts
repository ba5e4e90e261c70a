/** Set by `preTasksExecution` for a crate whose tasks run uncached this time; tasks show it. */
export function uncachedVariable(project: string): string {
  return `RUST_PLATFORM_UNCACHED_${project.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/** Why the cached targets of a crate cannot be answered from the cache in this run, one sentence each. */
export function uncachedReasons(project: string, env: NodeJS.ProcessEnv = process.env): string[] {
  return (env[uncachedVariable(project)] ?? '').split('\n').filter((reason) => reason !== '');
}
