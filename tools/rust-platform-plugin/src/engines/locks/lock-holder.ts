import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownIdentity } from '../../process/process-identity';
import { redactText } from '../../process/redact';
import type { Ticket } from './ticket';

export interface LockHolder {
  pid: number;
  startTime: string;
  command: string;
  purpose: string;
  cwd: string;
  /** When it asked for the lock; ISO 8601. */
  since: string;
}

export function describeUs(purpose: string): LockHolder {
  return {
    ...ownIdentity(),
    command: redactText(process.argv.join(' ')).slice(0, 200),
    purpose,
    cwd: process.cwd(),
    since: new Date().toISOString(),
  };
}

/** Those that are still there; what decides is in the names, so a half-written description only lacks words. */
export async function readHolders(folder: string, tickets: Ticket[]): Promise<LockHolder[]> {
  return Promise.all(
    tickets.map(async ({ fileName, owner }) => {
      const unknown = { ...owner, command: '?', purpose: '?', cwd: '?', since: '?' };
      const text = await readFile(join(folder, fileName), 'utf8').catch(() => '{}');
      try {
        return { ...unknown, ...(JSON.parse(text) as Partial<LockHolder>), ...owner };
      } catch {
        return unknown;
      }
    }),
  );
}

/** `bench of shortener (pid 123 in /home/me/shop)`. */
export function formatLockHolder({ purpose, pid, cwd }: LockHolder): string {
  return `${purpose} (pid ${pid} in ${cwd})`;
}
