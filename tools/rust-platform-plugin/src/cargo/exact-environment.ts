/** `run` merges over `process.env`; this removes what the wanted environment does not have. */
export function exactEnvironment(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const removed = Object.keys(process.env).filter((name) => env[name] === undefined);
  return { ...Object.fromEntries(removed.map((name) => [name, undefined])), ...env };
}
