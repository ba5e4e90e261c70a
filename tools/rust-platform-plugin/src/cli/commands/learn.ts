import type { Command } from 'commander';
import { createRequire } from 'node:module';

const load = createRequire(__filename);

const EXAMPLES = `
Examples:
  rust-platform learn              take over what builds have observed
  rust-platform learn links
  rust-platform learn --check      in CI: fail when something is not declared

Exit codes: 0 done; 1 with --check: something is missing; 2 no such crate, or rust-inputs.json is not valid.`;

/** Takes what builds have read, and no scan could tell, into the file that the repository commits; loads no Nx. */
export function addLearn(program: Command, done: (exitCode: number) => void): void {
  program
    .command('learn')
    .summary('declare files and variables that builds were seen to read')
    .description(
      'Puts files and environment variables that builds have read, and that no cache key holds, into rust-inputs.json, which is to be committed. Says which crates are still not settled, and how to observe them.',
    )
    .argument('[crate...]', 'crates; default: all')
    .option('--check', 'change nothing; exit 1 when something is not declared')
    .option('--json', 'machine-readable, on stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], { check = false, json = false }: { check?: boolean; json?: boolean }) => {
      const { runLearn } = load('./learn-run') as typeof import('./learn-run');
      done(await runLearn(words, { check, json }));
    });
}
