/** Exit codes of `rust-platform`; the README documents the same table. */
export const EXIT = {
  ok: 0,
  checkFailed: 1,
  usage: 2,
  notJudged: 3,
  preflight: 4,
  rolledBack: 5,
  notRolledBack: 6,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface PlatformErrorDetails {
  /** Stable kebab-case identifier, e.g. `port-taken`. */
  code: string;
  /** What happened, to which thing. One sentence, no trailing full stop needed. */
  what: string;
  /** Why it happened or why it matters. */
  why?: string;
  /** What to do: preferably a command that can be copied. Several ways are several entries. */
  fix: string | string[];
  /** Defaults to 1 (a check failed). */
  exitCode?: ExitCode;
  cause?: unknown;
}

/** The one error for everything a user can act on; any other `Error` is a bug of ours. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: string;
  readonly what: string;
  readonly why: string | undefined;
  readonly fix: string[];
  readonly exitCode: ExitCode;

  constructor(details: PlatformErrorDetails) {
    const fix = typeof details.fix === 'string' ? [details.fix] : details.fix;
    super(messageOf(details.code, details.what, details.why, fix), { cause: details.cause });
    this.code = details.code;
    this.what = details.what;
    this.why = details.why;
    this.fix = fix;
    this.exitCode = details.exitCode ?? EXIT.checkFailed;
  }
}

/** The text shown to a person: what, why, fix. The caller adds colour. */
export function formatError(error: unknown): string {
  if (error instanceof PlatformError) return error.message;
  if (error instanceof Error) return `internal error: ${error.stack ?? error.message}`;
  return `internal error: ${String(error)}`;
}

export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof PlatformError ? error.exitCode : EXIT.checkFailed;
}

/** Several services: the first that applies of 6, 5, 1, 3, 4, 2; an interruption wins over all. */
export function combineExitCodes(codes: readonly number[]): number {
  const order = [EXIT.interrupted, EXIT.terminated, 6, 5, 1, 3, 4, 2];
  return (
    order.find((code) => codes.includes(code)) ??
    (codes.every((code) => code === 0) ? EXIT.ok : EXIT.checkFailed)
  );
}

function messageOf(code: string, what: string, why: string | undefined, fix: string[]): string {
  const lines = [`error[${code}]: ${what}`];
  if (why) lines.push(...indent('why: ', why));
  for (const way of fix) lines.push(...indent('fix: ', way));
  return lines.join('\n');
}

function indent(label: string, text: string): string[] {
  const [first = '', ...rest] = text.split('\n');
  return [`  ${label}${first}`, ...rest.map((line) => `       ${line}`)];
}
