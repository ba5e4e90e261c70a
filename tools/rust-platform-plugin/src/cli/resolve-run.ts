import { CHAIN_OPTIONS } from '../engines/run/chain-options';
import { redactArguments } from '../results/redact-arguments';
import { quoteCommand } from './quote-command';
import type { LauncherOptions, ResolvedRun, RunRequest } from './run-request';

export function chainEnvironment({ keepDeps, allowRemote }: LauncherOptions): Record<string, string> {
  return {
    ...(keepDeps ? { [CHAIN_OPTIONS.keepDeps]: '1' } : {}),
    ...(allowRemote ? { [CHAIN_OPTIONS.allowRemote]: '1' } : {}),
  };
}

export function resolveRun(request: RunRequest, projects: string[]): ResolvedRun {
  const selection = projects.length > 0 ? ['-p', projects.join(',')] : [];
  const nxArgs = ['run-many', '-t', request.target, ...selection, ...request.nxOptions];
  const variables = Object.entries(chainEnvironment(request.launcher)).map(
    ([name, value]) => `${name}=${value} `,
  );
  const commandLine = `${variables.join('')}nx ${quoteCommand(redactArguments(nxArgs))}`;
  return { ...request, projects, nxArgs, commandLine };
}
