import { CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, PlatformError, exitCodeOf, formatError } from '../errors';
import { assertCommand, buildProgram } from './program';

/** Runs the command line and ends the process with its exit code. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  outliveReaders();
  process.exit(await runCommandLine(argv));
}

/** Resolves with the exit code; prints an error once. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = buildProgram(ownVersion(), (code) => (exitCode = code));
  const [word] = argv;
  try {
    if (word === undefined) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    if (!word.startsWith('-')) assertCommand(program, word);
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    const what = error.message.replace(/^error: /, '');
    return report(
      new PlatformError({ code: 'usage', what, fix: 'rust-platform --help', exitCode: EXIT.usage }),
    );
  }
  process.stderr.write(`${formatError(error)}\n`);
  return exitCodeOf(error);
}

/** A closed pipe (`| head`) or a closed terminal must not hide the exit code or keep what we started alive. */
function outliveReaders(): void {
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
}

function ownVersion(): string {
  const file = join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
