import { run } from '../../process/run';

/**
 * What git can tell a build: commit, branch, tags, and whether files were changed. Empty where there is no repository.
 * Only crates that ask git depend on it; for them every commit is another result.
 */
export async function gitState(workspaceRoot: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const answers = await Promise.all(
    [
      ['rev-parse', 'HEAD'],
      ['rev-parse', '--abbrev-ref', 'HEAD'],
      ['describe', '--tags', '--always', '--long', '--dirty'],
    ].map((args) => ask(args, workspaceRoot, env)),
  );
  return answers.filter((answer) => answer !== '').join(' ');
}

async function ask(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { exitCode, stdout } = await run('git', args, { cwd, env: { ...env, GIT_OPTIONAL_LOCKS: '0' } });
    return exitCode === 0 ? stdout.trim() : '';
  } catch {
    // No git: the build cannot ask it either.
    return '';
  }
}
