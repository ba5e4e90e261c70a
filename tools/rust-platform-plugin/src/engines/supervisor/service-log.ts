import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { EXIT, PlatformError } from '../../errors';

const KEPT_LINES = 200;

/**
 * The output of a service: every line is appended to its file (synchronously, so that nothing is lost when it or we end
 * in the next moment), and the last lines are kept for messages.
 */
export class ServiceLog {
  private file: number | undefined;
  private readonly last: string[] = [];

  /** @throws PlatformError `log-not-writable`. */
  constructor(private readonly path: string) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.file = openSync(path, 'a');
    } catch (cause) {
      throw new PlatformError({
        code: 'log-not-writable',
        what: `the log ${path} cannot be written: ${reason(cause)}`,
        fix: `ls -ld ${dirname(path)}`,
        exitCode: EXIT.preflight,
        cause,
      });
    }
  }

  /** A full disk is no reason to end a service: its output then goes to its client alone, which is told once. */
  add(lines: string[], tell: (line: string) => void): void {
    this.last.push(...lines);
    this.last.splice(0, this.last.length - KEPT_LINES);
    if (this.file === undefined) return;
    try {
      writeSync(this.file, `${lines.join('\n')}\n`);
    } catch (error) {
      this.close();
      tell(`[${this.path} cannot be written any more: ${reason(error)}]`);
    }
  }

  lastLines(count: number): string[] {
    return this.last.slice(-count);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
