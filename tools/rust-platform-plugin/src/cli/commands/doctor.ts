import type { Command } from 'commander';
import { createRequire } from 'node:module';

const load = createRequire(__filename);

/** Pre-flight alone, for everything that `testing` needs and for the ports of `serve`. */
export function addDoctor(program: Command, done: (exitCode: number) => void): void {
  program
    .command('doctor')
    .summary('check what every command needs; changes nothing')
    .description(
      'Checks what testing and serve need: toolchain, cargo tools, servers, ports, disk. Changes nothing.',
    )
    .option('--json', 'machine-readable, on stdout')
    .action(async ({ json }: { json?: boolean }) => {
      const { runDoctor } = load('./run-doctor') as typeof import('./run-doctor');
      done(await runDoctor(json ?? false));
    });
}
