import { PlatformError, type ExitCode } from '../../errors';

/** A PlatformError on its way through a socket. */
export interface WireError {
  code: string;
  what: string;
  why?: string;
  fix: string[];
  exitCode: ExitCode;
}

/** Anything that is no PlatformError is a bug of ours and is sent with its stack. */
export function toWire(error: unknown): WireError {
  if (error instanceof PlatformError) {
    const { code, what, why, fix, exitCode } = error;
    return { code, what, why, fix, exitCode };
  }
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'supervisor-failed', what: 'internal error of the supervisor', why, fix: [], exitCode: 1 };
}

export function fromWire(error: WireError): PlatformError {
  return new PlatformError(error);
}
