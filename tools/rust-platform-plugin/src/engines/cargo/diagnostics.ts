import { parseCargoMessage, type Artifact, type BuildScript, type Diagnostic } from './cargo-messages';

/** What the compiler said in one or more cargo calls, of all packages; each message once although several units repeat it. */
export interface CompilerOutput {
  errors: Diagnostic[];
  warnings: Diagnostic[];
  artifacts: Artifact[];
  buildScripts: BuildScript[];
}

export interface MessageReader extends CompilerOutput {
  /** True when the line was a message of cargo and is dealt with. */
  readLine(line: string): boolean;
}

/** Collects messages; `onDiagnostic` gets each new one as soon as it comes. */
export function collectMessages(onDiagnostic?: (diagnostic: Diagnostic) => void): MessageReader {
  const seen = new Set<string>();
  const output: MessageReader = { errors: [], warnings: [], artifacts: [], buildScripts: [], readLine };

  function readLine(line: string): boolean {
    const message = parseCargoMessage(line);
    if (message?.kind === 'artifact') output.artifacts.push(message.artifact);
    if (message?.kind === 'build-script') output.buildScripts.push(message.buildScript);
    if (message?.kind === 'diagnostic') add(message.diagnostic);
    return message !== undefined;
  }

  function add(diagnostic: Diagnostic): void {
    const identity = `${diagnostic.manifestPath} ${diagnostic.rendered}`;
    if (seen.has(identity)) return;
    seen.add(identity);
    (diagnostic.level === 'error' ? output.errors : output.warnings).push(diagnostic);
    onDiagnostic?.(diagnostic);
  }

  return output;
}

/** By package, file and place: compilers that run at once finish in any order. */
export function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compare(a.manifestPath, b.manifestPath) ||
      compare(a.file ?? '', b.file ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      compare(a.rendered, b.rendered),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** e.g. `src/main.rs:10: mismatched types`. */
export function placeOf({ file, line, message }: Diagnostic): string {
  return file === undefined ? message : `${file}:${line}: ${message}`;
}

/** `1 error`, `2 errors`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
