/** Whether Nx was told not to look into its cache; it stores results even so. */
export function skipsCache(argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const isAsked = argv.some((arg) =>
    /^--(skip-nx-cache|skipNxCache|disable-nx-cache|disableNxCache)(=true)?$/.test(arg),
  );
  return isAsked || env['NX_SKIP_NX_CACHE'] === 'true' || env['NX_DISABLE_NX_CACHE'] === 'true';
}

/** Where Nx was told to keep its cache; nothing for its own place in the home folder. */
export function cacheDirectoryOf(
  env: NodeJS.ProcessEnv,
  nxJson: { cacheDirectory?: string } | undefined,
): { cacheDirectory?: string } {
  const cacheDirectory = env['NX_CACHE_DIRECTORY'] ?? nxJson?.cacheDirectory;
  return cacheDirectory ? { cacheDirectory } : {};
}
