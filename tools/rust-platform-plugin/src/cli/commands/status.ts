import type { Command } from 'commander';
import { createRequire } from 'node:module';

const load = createRequire(__filename);

/** The state of this checkout on one screen; loads no Nx and starts nothing. */
export function addStatus(program: Command, done: (exitCode: number) => void): void {
  program
    .command('status')
    .summary('running services, servers and the last run')
    .description('Shows the services and servers that this checkout runs, and how the last run ended.')
    .option('--json', 'machine-readable, on stdout')
    .action(async ({ json }: { json?: boolean }) => {
      const { showStatus } = load('./show-status') as typeof import('./show-status');
      done(await showStatus(json ?? false));
    });
}
