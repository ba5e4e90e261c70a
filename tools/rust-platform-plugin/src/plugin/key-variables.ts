/**
 * Environment variables that `preTasksExecution` sets before Nx hashes: what the files of the repository do not tell about
 * the results of a crate.
 */
export function keyVariable(project: string): string {
  return `RUST_PLATFORM_KEY_${upperSnake(project)}`;
}

/** The part of it that the text of its own sources is judged by. */
export function sourceKeyVariable(project: string): string {
  return `RUST_PLATFORM_SOURCE_KEY_${upperSnake(project)}`;
}

/** What running its binaries and tests depends on besides: `.env` files and the variables that its sources read. */
export function runtimeKeyVariable(project: string): string {
  return `RUST_PLATFORM_RUNTIME_KEY_${upperSnake(project)}`;
}

function upperSnake(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}
