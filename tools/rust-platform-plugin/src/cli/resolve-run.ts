import { quoteCommand } from './quote-command';
import type { LauncherOptions, ResolvedRun, RunRequest } from './run-request';

/** What a whole chain must obey travels as environment: Nx gives options only to the tasks that were asked for. */
export function chainEnvironment({ keepDeps, allowRemote }: LauncherOptions): Record<string, string> {
  return {
    ...(keepDeps ? { RUST_PLATFORM_KEEP_DEPS: '1' } : {}),
    ...(allowRemote ? { RUST_PLATFORM_ALLOW_REMOTE: 'true' } : {}),
  };
}

export function resolveRun(request: RunRequest, projects: string[]): ResolvedRun {
  const selection = projects.length > 0 ? ['-p', projects.join(',')] : [];
  const nxArgs = ['run-many', '-t', request.target, ...selection, ...request.nxOptions];
  const variables = Object.entries(chainEnvironment(request.launcher)).map(
    ([name, value]) => `${name}=${value} `,
  );
  return { ...request, projects, nxArgs, commandLine: `${variables.join('')}nx ${quoteCommand(nxArgs)}` };
}
