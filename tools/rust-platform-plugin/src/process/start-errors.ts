import { stat } from 'node:fs/promises';
import { EXIT, PlatformError } from '../errors';
import { redactText } from './redact';

/** Tells a missing command from a missing folder: the system reports ENOENT for both. */
export async function notStarted(
  { command, cwd, env = process.env }: { command: string; cwd?: string; env?: NodeJS.ProcessEnv },
  cause: unknown,
): Promise<PlatformError> {
  const code = (cause as { code?: string }).code;
  if (cwd !== undefined && !(await isFolder(cwd))) {
    return new PlatformError({
      code: 'folder-not-found',
      what: `cannot run ${command} in ${cwd}: no such folder`,
      fix: `ls -d ${cwd}`,
      cause,
    });
  }
  if (code === 'ENOENT') {
    return new PlatformError({
      code: 'command-not-found',
      what: `${command} is not installed or not on PATH`,
      why: `PATH is ${env['PATH'] ?? 'empty'}`,
      fix: `command -v ${command}   # install it, or add its folder to PATH`,
      exitCode: EXIT.preflight,
      cause,
    });
  }
  const { message } = cause as { message?: string };
  return new PlatformError({
    code: 'command-not-started',
    what: `${command} cannot be started${code === undefined ? '' : ` (${code})`}`,
    why: message === undefined ? undefined : redactText(message),
    fix: code === 'EACCES' ? `chmod +x ${command}` : `command -v ${command}`,
    cause,
  });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
