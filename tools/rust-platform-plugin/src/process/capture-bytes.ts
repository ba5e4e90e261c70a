import { execFile } from 'node:child_process';

export interface CaptureRequest {
  cwd: string;
  /** Written to stdin, which is empty otherwise. */
  input?: string;
}

const LIMITS = { timeout: 30_000, maxBuffer: 512 * 1024 * 1024 };

/** Standard output as bytes. Rejects when the command cannot be started, takes too long or does not exit with 0. */
export function captureBytes(command: string, args: string[], request: CaptureRequest): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { ...LIMITS, cwd: request.cwd, encoding: 'buffer' as const };
    const child = execFile(command, args, options, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
    // A command that ends before it has read everything says so by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(request.input ?? '');
  });
}
