/** Every process of a service carries it, with the id of the service. */
export const SERVICE_MARKER = 'RUST_PLATFORM_SERVICE_ID';

/** Our environment with changes; `undefined` removes a variable. */
export function mergeEnvironment(changes: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  const merged = { ...process.env, ...changes };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

/** For processes of our own: they must not look like a part of the service or of the Nx task that starts them. */
export function ownProcessEnvironment(): NodeJS.ProcessEnv {
  return mergeEnvironment({
    [SERVICE_MARKER]: undefined,
    NODE_OPTIONS: undefined,
    NODE_CHANNEL_FD: undefined,
  });
}
