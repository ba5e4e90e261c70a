import type { TargetParts } from '../target-parts';

/**
 * An output of every cached target. It is never there, unless the executor wants its result not to be kept: then it lies
 * behind a symbolic link, and Nx stores nothing.
 */
export function verdict({ options }: Pick<TargetParts, 'options'>, target: string): string {
  return `{workspaceRoot}/${options.stateDirectory}/kept/{projectName}/${target}/verdict`;
}
