import { EXIT, PlatformError } from '../../errors';
import { formatLockHolder, type LockHolder } from './lock-holder';

interface WaitingFor {
  name: string;
  purpose: string;
  timeoutMs?: number;
}

export function timedOut({ name, purpose, timeoutMs = 0 }: WaitingFor, holders: LockHolder[]): PlatformError {
  return new PlatformError({
    code: 'lock-timeout',
    what: `${purpose}: waited ${Math.round(timeoutMs / 1000)} s for the lock ${name}`,
    why: `it is held by ${holders.map(formatLockHolder).join(', ')}`,
    fix: ['run it again when that has ended', `kill ${holders.map(({ pid }) => pid).join(' ')}`],
  });
}

export function interrupted({ name, purpose }: WaitingFor, cause: unknown): PlatformError {
  return new PlatformError({
    code: 'interrupted',
    what: `${purpose}: interrupted while it waited for the lock ${name}`,
    fix: 'run it again',
    exitCode: EXIT.interrupted,
    cause,
  });
}
