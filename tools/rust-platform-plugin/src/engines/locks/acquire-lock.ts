import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAliveSync, ownIdentity } from '../../process/process-identity';
import { privateFolder } from '../../process/private-folder';
import { describeUs, readHolders, type LockHolder } from './lock-holder';
import { interrupted, timedOut } from './lock-errors';
import {
  conflicts,
  goesBefore,
  newTicket,
  parseTicket,
  withNumber,
  type LockMode,
  type Ticket,
} from './ticket';

export type { LockHolder } from './lock-holder';
export type { LockMode } from './ticket';

export interface LockRequest {
  /** A plain file name. */
  name: string;
  mode: LockMode;
  /** For the message of those who wait, e.g. `bench of shortener`. */
  purpose: string;
  /** Parent folder of the lock's folder; default `<tmp>/rust-platform-<uid>/locks`. */
  folder?: string;
  signal?: AbortSignal;
  /** Called when the wait begins and when those that are waited for change. */
  onWait?: (holders: LockHolder[]) => void;
  /** Default: no limit. */
  timeoutMs?: number;
}

export interface Lock {
  /** May be called twice. */
  release(): Promise<void>;
}

const POLL_MS = { first: 20, longest: 200 };
const files = new Set<string>();
let listening = false;

/**
 * A fair lock between processes, shared or exclusive, by Lamport's bakery algorithm on files. Every contender has files
 * of its own only, so there is nothing to take over: whoever meets the file of a dead process (by number and start time)
 * removes it, and removing it twice is the same as once.
 *
 * Why two listings per round are right: a listing surely holds the files that exist from its beginning to its end, and
 * nothing else is assumed. (1) If the first listing shows no `choosing` of another, that one has either taken its number
 * before the listing ended, so its ticket exists during the whole second listing; or it began to choose after the first
 * listing began, and then it sees our ticket, which is older than that listing, and takes a higher number. (2) The step
 * from `choosing` to `ticket` is one rename, so no contender is ever without a file. Equal numbers are ordered by id.
 *
 * @throws PlatformError `lock-timeout`, `interrupted`.
 */
export async function acquireLock(request: LockRequest): Promise<Lock> {
  const folder = await lockFolder(request);
  const deadline = request.timeoutMs === undefined ? Infinity : Date.now() + request.timeoutMs;
  let ticket = await takeTicket(folder, request);
  try {
    let told: string | undefined;
    for (let pause = POLL_MS.first; ; pause = Math.min(pause * 1.3, POLL_MS.longest)) {
      const ahead = await findAhead(folder, ticket);
      // Somebody cleaned the temporary folder: without a file we have no place in the queue.
      if (ahead === 'lost') ticket = await takeTicket(folder, request);
      else if (ahead.length === 0) return { release: () => removeTicket(folder, ticket) };
      else told = await tell(folder, ahead, request, told);
      if (ahead !== 'lost' && Date.now() > deadline)
        throw timedOut(request, await readHolders(folder, ahead));
      await delay(pause, undefined, { signal: request.signal });
    }
  } catch (error) {
    await removeTicket(folder, ticket);
    throw request.signal?.aborted ? interrupted(request, error) : error;
  }
}

async function lockFolder({ name, folder }: LockRequest): Promise<string> {
  if (!/^[\w.-]+$/.test(name)) throw new Error(`not a plain lock name: ${name}`);
  return join(folder ?? (await privateFolder('locks')), name);
}

async function takeTicket(folder: string, { mode, purpose }: LockRequest): Promise<Ticket> {
  const choosing = newTicket(mode, ownIdentity());
  removeOnExit(join(folder, choosing.fileName));
  try {
    await writeInto(folder, choosing.fileName, JSON.stringify(describeUs(purpose)));
    const numbers = (await readTickets(folder)).map(({ number }) => number ?? 0);
    const ticket = withNumber(choosing, Math.max(0, ...numbers) + 1);
    removeOnExit(join(folder, ticket.fileName));
    await rename(join(folder, choosing.fileName), join(folder, ticket.fileName));
    return ticket;
  } finally {
    // After a failure it must not stay: everybody would wait for a number that never comes.
    await removeFile(join(folder, choosing.fileName));
  }
}

/** The last one to leave removes the folder, also in the moment before our file is in it. */
async function writeInto(folder: string, name: string, text: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return await writeFile(join(folder, name), text, { mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 50) throw error;
    }
  }
}

/** Those we wait for; `lost` when our own file is gone. */
async function findAhead(folder: string, ours: Ticket): Promise<Ticket[] | 'lost'> {
  const first = await livingTickets(folder);
  const choosing = first.filter((theirs) => theirs.number === undefined && conflicts(theirs, ours));
  if (choosing.length > 0) return choosing;
  const tickets = await livingTickets(folder);
  if (!tickets.some(({ id }) => id === ours.id)) return 'lost';
  return tickets.filter((theirs) => goesBefore(theirs, ours));
}

async function livingTickets(folder: string): Promise<Ticket[]> {
  const living: Ticket[] = [];
  for (const ticket of await readTickets(folder)) {
    if (isAliveSync(ticket.owner)) living.push(ticket);
    else await removeTicket(folder, ticket);
  }
  return living;
}

async function readTickets(folder: string): Promise<Ticket[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => parseTicket(name) ?? []);
}

/** A folder is removed when it is empty only: nobody who has a file in it is disturbed. */
async function removeTicket(folder: string, ticket: Ticket): Promise<void> {
  await removeFile(join(folder, ticket.fileName));
  await rmdir(folder).catch(() => undefined);
}

async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  files.delete(path);
}

/** Tells the holders when they have changed; returns what is known now. */
async function tell(
  folder: string,
  ahead: Ticket[],
  { onWait }: LockRequest,
  told: string | undefined,
): Promise<string | undefined> {
  const numbered = ahead.filter(({ number }) => number !== undefined);
  const now = numbered.map(({ id }) => id).join();
  if (!onWait || numbered.length === 0 || now === told) return told;
  onWait(await readHolders(folder, numbered));
  return now;
}

/** The files of a process that is killed are removed by the next contender instead. */
function removeOnExit(path: string): void {
  files.add(path);
  if (listening) return;
  listening = true;
  process.on('exit', () => {
    for (const file of files) {
      rmSync(file, { force: true });
      removeEmptyFolder(dirname(file));
    }
  });
}

function removeEmptyFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else is in it, or it is gone.
  }
}
