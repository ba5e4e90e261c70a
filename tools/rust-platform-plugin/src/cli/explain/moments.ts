import type { RunRecord } from '../../results/run-record';
import { redactArguments } from '../../results/redact-arguments';
import type { RunReference } from './explanation';

export function referenceOf({ runId, startedAt, argv }: RunRecord): RunReference {
  return { runId, startedAt, command: `nx ${redactArguments(argv.slice(2)).join(' ')}` };
}

/** `09:58:01` today, else with its day, in the time of this machine. */
export function momentText(iso: string, now: Date): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const pad = (value: number) => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':');
  if (date.toDateString() === now.toDateString()) return time;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${time}`;
}
