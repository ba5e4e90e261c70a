import { execFile, execFileSync } from 'node:child_process';

/** Numbers and dates of ps, lsof and netstat depend on locale and time zone. */
const plainEnvironment = () => ({ ...process.env, LC_ALL: 'C', TZ: 'UTC' });

const LIMITS = { timeout: 10_000, maxBuffer: 64 * 1024 * 1024 };

/** Standard output of a system tool whatever its exit code: lsof exits 1 when it finds nothing. */
export function capture(command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { ...LIMITS, env: plainEnvironment() }, (error, stdout) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve(stdout);
    });
  });
}

export function captureSync(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, {
      ...LIMITS,
      env: plainEnvironment(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    if (typeof (error as { status?: unknown }).status === 'number') return '';
    throw error;
  }
}
