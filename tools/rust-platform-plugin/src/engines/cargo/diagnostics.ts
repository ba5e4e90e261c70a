import type { Report } from '../endpoints';
import { parseCargoMessage, type Artifact, type Diagnostic } from './cargo-messages';

/** What the compiler said during one or more cargo calls, each message once although several units repeat it. */
export interface CompilerOutput {
  errors: Diagnostic[];
  /** Of the crate itself only: other crates have tasks of their own. */
  warnings: Diagnostic[];
  artifacts: Artifact[];
  /** True when the line was a message of cargo and is dealt with. */
  readLine(line: string): boolean;
}

/**
 * Collects messages and prints each diagnostic as soon as it comes. `manifestPath`: absolute, links resolved. `printed`
 * is shared by the calls of one task: cargo replays the warnings of what it need not compile again.
 */
export function collectCompilerOutput(
  manifestPath: string,
  report: Report,
  printed: Set<string>,
): CompilerOutput {
  const seen = new Set<string>();
  const output: CompilerOutput = { errors: [], warnings: [], artifacts: [], readLine };

  function readLine(line: string): boolean {
    const message = parseCargoMessage(line);
    if (message?.kind === 'artifact') output.artifacts.push(message.artifact);
    if (message?.kind === 'diagnostic') add(message.diagnostic);
    return message !== undefined;
  }

  function add(diagnostic: Diagnostic): void {
    const isForeignWarning = diagnostic.level === 'warning' && diagnostic.manifestPath !== manifestPath;
    if (isForeignWarning || seen.has(diagnostic.rendered)) return;
    seen.add(diagnostic.rendered);
    (diagnostic.level === 'error' ? output.errors : output.warnings).push(diagnostic);
    if (printed.has(diagnostic.rendered)) return;
    printed.add(diagnostic.rendered);
    report(`${diagnostic.rendered}\n`);
  }

  return output;
}

/** e.g. `src/main.rs:10: mismatched types`. */
export function placeOf({ file, line, message }: Diagnostic): string {
  return file === undefined ? message : `${file}:${line}: ${message}`;
}

/** `1 error`, `2 errors`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
