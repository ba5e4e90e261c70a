import { randomBytes } from 'node:crypto';
import type { ProcessIdentity } from '../../process/process-identity';

export type LockMode = 'shared' | 'exclusive';

/** A contender's file: everything that decides is in its name, so that no file can be found half-written. */
export interface Ticket {
  fileName: string;
  /** Undefined: the contender is still choosing its number. */
  number: number | undefined;
  mode: LockMode;
  owner: ProcessIdentity;
  id: string;
}

const PATTERN = /^(choosing|ticket-(\d+))-(shared|exclusive)-(\d+)_([\w.]+)_([0-9a-f]+)$/;

export function newTicket(mode: LockMode, owner: ProcessIdentity): Ticket {
  return named({ number: undefined, mode, owner, id: randomBytes(6).toString('hex') });
}

export function withNumber(ticket: Ticket, number: number): Ticket {
  return named({ ...ticket, number });
}

/** Undefined for files that are no tickets. */
export function parseTicket(fileName: string): Ticket | undefined {
  const [, , number, mode, pid, startTime, id] = PATTERN.exec(fileName) ?? [];
  if (pid === undefined || startTime === undefined || id === undefined) return undefined;
  return {
    fileName,
    number: number === undefined ? undefined : Number(number),
    mode: mode as LockMode,
    owner: { pid: Number(pid), startTime },
    id,
  };
}

export function conflicts(theirs: Ticket, ours: Ticket): boolean {
  return theirs.id !== ours.id && (theirs.mode === 'exclusive' || ours.mode === 'exclusive');
}

/** `theirs` has its turn first and does not go together with `ours`. */
export function goesBefore(theirs: Ticket, ours: Ticket): boolean {
  if (theirs.number === undefined || ours.number === undefined) return false;
  const first = theirs.number < ours.number || (theirs.number === ours.number && theirs.id < ours.id);
  return first && conflicts(theirs, ours);
}

function named(ticket: Omit<Ticket, 'fileName'>): Ticket {
  const { number, mode, owner, id } = ticket;
  const stage = number === undefined ? 'choosing' : `ticket-${number}`;
  return { ...ticket, fileName: `${stage}-${mode}-${owner.pid}_${owner.startTime}_${id}` };
}
