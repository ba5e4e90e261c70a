import { CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, PlatformError, exitCodeOf, formatError } from '../errors';
import { splitAtDashes } from './split-arguments';
import { assertCommand, buildProgram } from './program';

/** Runs the command line and ends the process with its exit code. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  outliveReaders();
  process.exit(await runCommandLine(argv));
}

/** Resolves with the exit code; prints an error once. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.ok;
  const [own, verbatim] = splitAtDashes(argv);
  const program = buildProgram({ version: ownVersion(), done: (code) => (exitCode = code), verbatim });
  const [word] = own;
  try {
    assertPlatform(process.platform);
    if (word === undefined) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    if (!word.startsWith('-')) assertCommand(program, word);
    await program.parseAsync(own, { from: 'user' });
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

/** @throws PlatformError `platform` */
export function assertPlatform(platform: NodeJS.Platform): void {
  if (platform === 'linux' || platform === 'darwin') return;
  throw new PlatformError({
    code: 'platform',
    what: `${platform} is not supported: Linux and macOS are, and Windows through WSL`,
    fix: 'on Windows: wsl --install, then work inside it',
    exitCode: EXIT.preflight,
  });
}

function ownVersion(): string {
  const file = join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
