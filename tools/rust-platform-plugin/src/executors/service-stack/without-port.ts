/** The same variables without PORT. */
export function withoutPort<T extends NodeJS.ProcessEnv>(env: T): T {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'PORT')) as T;
}
