import { Command } from 'commander';
import { EXIT, PlatformError } from '../errors';
import { addRunCommand } from './add-run-command';
import { addDepsVerbs } from './commands/deps';
import { addDoctor } from './commands/doctor';
import { addExplain } from './commands/explain';
import { addLearn } from './commands/learn';
import { RUN_COMMANDS } from './commands/run-commands';
import { addStatus } from './commands/status';
import { didYouMean } from './nearest-names';

const EXIT_CODES = `
Exit codes:
  0    done; everything asked for was judged and passed
  1    a check failed: test, lint, regression, migration
  2    wrong usage or configuration
  3    not judged: too noisy, or a required check did not run
  4    pre-flight failed, nothing changed
  5    failed and rolled back
  6    failed and not rolled back
  130, 143  interrupted

A target runs as \`nx run-many -t <target> -p <service…>\`: the line is printed before it runs, and options that are not
listed here are passed on to Nx.`;

export interface ProgramSetup {
  version: string;
  /** Receives the exit code of the one command that ran. */
  done: (exitCode: number) => void;
  /** `--` and what follows it: for Nx, as it is. */
  verbatim: readonly string[];
}

/** The whole command line. */
export function buildProgram({ version, done, verbatim }: ProgramSetup): Command {
  const program = new Command('rust-platform')
    .description('Builds, tests, benches and serves the Rust services of this workspace.')
    .usage('<target or workflow> [service…] [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help; `rust-platform <command> --help` tells more')
    .showHelpAfterError(false)
    .exitOverride()
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', EXIT_CODES);
  for (const command of RUN_COMMANDS) {
    const added = addRunCommand(program, command, { done, verbatim });
    if (command.name === 'deps') addDepsVerbs(added, done);
  }
  addStatus(program, done);
  addDoctor(program, done);
  addExplain(program, done);
  addLearn(program, done);
  return program;
}

/** Throws for a first word that is no command. */
export function assertCommand(program: Command, word: string): void {
  const names = program.commands.map((command) => command.name());
  if (word === 'help' || names.includes(word)) return;
  throw new PlatformError({
    code: 'unknown-command',
    what: `There is no command ${word}`,
    why: `there are ${names.join(', ')}`,
    fix: didYouMean(word, names) ?? 'rust-platform --help',
    exitCode: EXIT.usage,
  });
}
