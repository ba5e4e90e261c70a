import type { Command } from 'commander';
import { createRequire } from 'node:module';

const load = createRequire(__filename);

const EXAMPLES = `
Examples:
  rust-platform explain links:build     why it ran, or whose result it got
  rust-platform explain links           all its targets
  rust-platform explain                 all tasks of the last run
  rust-platform explain links:build --key

Exit codes: 0 answered; 2 no such project or target.`;

/** Why a task was a hit or a miss, by what the runs of this checkout have recorded; loads no Nx. */
export function addExplain(program: Command, done: (exitCode: number) => void): void {
  program
    .command('explain')
    .summary('why a task ran again, or was a cache hit')
    .description(
      'Says why the last run of a task was a hit or a miss: which file, locked dependency, environment variable, manifest field or tool changed. Without a task: all of the last run.',
    )
    .argument('[task...]', '<project>:<target>, or a project for all its targets')
    .option('--key', 'list everything that the key is made of')
    .option('--json', 'machine-readable, on stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], { key = false, json = false }: { key?: boolean; json?: boolean }) => {
      const { runExplain } = load('./run-explain') as typeof import('./run-explain');
      done(await runExplain(words, { key, json }));
    });
}
