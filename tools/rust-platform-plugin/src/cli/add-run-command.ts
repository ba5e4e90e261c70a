import type { Command } from 'commander';
import { createRequire } from 'node:module';
import { createContext } from './cli-context';
import type { RunCommand } from './run-command';
import type { LauncherOptions } from './run-request';
import { splitArguments } from './split-arguments';

/** The engines behind a run take half a second to load: not for `--help`. */
const load = createRequire(__filename);

const LAUNCHER_OPTIONS: ReadonlyArray<{ flags: string; description: string }> = [
  { flags: '--dry-run', description: 'print the plan; start nothing' },
  { flags: '--keep-deps', description: 'leave the PostgreSQL and Redis that the run starts running' },
  { flags: '--allow-remote', description: 'accept a DATABASE_URL or REDIS_URL on another machine' },
  { flags: '--skip-preflight', description: 'do not check beforehand what the run needs' },
];

/** Adds one target or workflow to the program. What it does not know belongs to Nx. */
export function addRunCommand(
  program: Command,
  command: RunCommand,
  { done, verbatim }: { done: (exitCode: number) => void; verbatim: readonly string[] },
): Command {
  const added = program
    .command(command.name)
    .summary(command.summary)
    .description(command.description)
    .argument('[service...]', 'projects to run it for; without any, all that have the target')
    .usage('[service…] [options] [options of Nx]')
    .allowUnknownOption()
    .addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  ${example}\n`).join('')}`);
  for (const { flags, description } of [...(command.options ?? []), ...LAUNCHER_OPTIONS]) {
    added.option(flags, description);
  }
  return added.action(async () => {
    const options = added.opts<Record<string, unknown>>();
    const { services, nxOptions } = splitArguments(added.args);
    const own = command.resolve?.(options) ?? { target: command.name, nxOptions: [] };
    const request = {
      command,
      target: own.target,
      needs: own.needs ?? command.needs,
      services,
      nxOptions: [...own.nxOptions, ...nxOptions, ...verbatim],
      launcher: launcherOptions(options),
    };
    const { runTarget } = load('./run-target') as typeof import('./run-target');
    done(await runTarget(request, createContext()));
  });
}

function launcherOptions(options: Record<string, unknown>): LauncherOptions {
  return {
    keepDeps: options['keepDeps'] === true,
    allowRemote: options['allowRemote'] === true,
    dryRun: options['dryRun'] === true,
    skipPreflight: options['skipPreflight'] === true,
  };
}
