/** Targets whose results depend on the same; `clippy` is also `check`, `api` is `test-api`. */
export type KeyFamily = 'build' | 'clippy' | 'test' | 'rustfmt' | 'api';

export const KEY_FAMILIES: readonly KeyFamily[] = ['build', 'clippy', 'test', 'rustfmt', 'api'];

/**
 * The environment variable that `preTasksExecution` sets before Nx hashes: everything that the results of one family of
 * targets of a crate depend on, as one hash.
 */
export function keyVariable(project: string, family: KeyFamily): string {
  return `RUST_PLATFORM_KEY_${family.toUpperCase()}_${project.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}
