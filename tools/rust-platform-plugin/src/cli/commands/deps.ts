import type { Command } from 'commander';
import { createRequire } from 'node:module';
import { NO_NEEDS, type RunCommand } from '../run-command';

/** The engines behind the verbs take half a second to load: not for `--help`. */
const load = createRequire(__filename);

export const deps: RunCommand = {
  name: 'deps',
  kind: 'target',
  summary: 'start PostgreSQL and Redis for the services; verbs status, stop',
  description:
    'Starts what the services need, in this order: an address given by DATABASE_URL or REDIS_URL, Docker Compose, local binaries, embedded ones. They run until `rust-platform deps stop`; their data stays.',
  examples: ['rust-platform deps', 'rust-platform deps status --json', 'rust-platform deps stop'],
  needs: { ...NO_NEEDS, servers: [{ of: 'services', required: true }] },
  servicesOnly: true,
};

/** `deps status` and `deps stop`: no targets, so they load no Nx. */
export function addDepsVerbs(command: Command, done: (exitCode: number) => void): void {
  const verbs = () => load('./deps-verbs') as typeof import('./deps-verbs');
  command
    .command('status')
    .description('Show the servers of this checkout.')
    .option('--json', 'machine-readable, on stdout')
    .action(async ({ json }: { json?: boolean }) => done(await verbs().showDepsStatus(json ?? false)));
  command
    .command('stop')
    .description('Stop the servers that this checkout has started; their data stays.')
    .action(async () => done(await verbs().stopAllDeps()));
}
