import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, type ProcessIdentity } from '../../process/process-identity';

const POLL_MS = 500;

/** `<pid>-<start time>.json`; the name says everything. */
export function leaseFileName({ pid, startTime }: ProcessIdentity): string {
  return `${pid}-${startTime}.json`;
}

/** Undefined for files that are no leases. */
export function parseLeaseFileName(name: string): ProcessIdentity | undefined {
  const [, pid, startTime] = /^(\d+)-([\w.]+)\.json$/.exec(name) ?? [];
  return pid === undefined || startTime === undefined ? undefined : { pid: Number(pid), startTime };
}

export async function readLeases(folder: string): Promise<ProcessIdentity[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => parseLeaseFileName(name) ?? []);
}

/** Calls `onEmpty` when there were leases and the last living holder is gone. */
export class LeaseWatch {
  private seen = false;
  private working: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private living = 0;

  constructor(
    private readonly folder: string,
    private readonly onEmpty: () => Promise<void>,
    private readonly log: (line: string) => void,
  ) {}

  /** Nothing to wait for: no living holder and no `onEmpty` at work. */
  get isIdle(): boolean {
    return this.living === 0 && !this.seen;
  }

  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), POLL_MS);
  }

  stop(): Promise<void> {
    clearInterval(this.timer);
    return this.working ?? Promise.resolve();
  }

  /** A lease was written or given back: also one that lived shorter than the time between two looks counts. */
  async note(): Promise<void> {
    await this.working; // It may have read the folder before the change.
    this.seen = true;
    await this.look();
  }

  /** One look at a time: a second one waits for the same. */
  private look(): Promise<void> {
    this.working ??= this.read()
      .catch((error: unknown) => this.log(`run leases: ${String(error)}`))
      .finally(() => (this.working = undefined));
    return this.working;
  }

  private async read(): Promise<void> {
    const leases = await readLeases(this.folder);
    this.seen ||= leases.length > 0;
    let living = 0;
    for (const lease of leases) {
      if (await isAlive(lease)) living += 1;
      else await rm(join(this.folder, leaseFileName(lease)), { force: true });
    }
    this.living = living;
    if (!this.seen || living > 0) return;
    await this.onEmpty().finally(() => (this.seen = false));
  }
}
