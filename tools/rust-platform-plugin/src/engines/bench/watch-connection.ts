import type { EventEmitter } from 'node:events';
import { performance } from 'node:perf_hooks';
import type { Client, Request } from 'autocannon';
import type { LoadRecorder } from './load-recorder';
import type { RequestPicker } from './request-picker';

/** One connection of the load generator, with at most one request under way. */
export interface WatchedConnection {
  /** Milliseconds since the request under way was sent. */
  waitingFor(): number | undefined;
}

/**
 * Chooses the requests of a connection and judges what becomes of each. autocannon 8 reports no error when a server
 * closes the connection instead of answering: it connects again, sends the next request, and from then on measures
 * every response from the start of the request before it. So a request that starts while another one is under way means
 * that the other was lost, and a latency is never longer than since our own note of the start.
 */
export function watchConnection(
  client: Client,
  picker: RequestPicker,
  recorder: LoadRecorder,
): WatchedConnection {
  let scenario = 0;
  let startedAt = 0;
  let underWay = false;
  let lostJustNow = false;
  const events = client as EventEmitter;

  events.on('request', () => {
    if (underWay) recorder.error('closed');
    lostJustNow = underWay;
    underWay = true;
    startedAt = performance.now();
  });
  events.on('response', (status: number, bytes: number, milliseconds: number) => {
    if (!underWay) return;
    underWay = lostJustNow = false;
    const sinceStart = performance.now() - startedAt;
    recorder.response(scenario, status, bytes, Math.min(milliseconds, sinceStart) * 1000);
  });
  events.on('connError', (error: NodeJS.ErrnoException) => {
    recorder.error(error.code ?? error.message);
    underWay = lostJustNow = false;
  });
  // On a timeout autocannon connects and sends again before it says so: what looked closed was the timeout.
  events.on('timeout', () => {
    if (lostJustNow) recorder.reclassify('closed', 'timeout');
    else recorder.error('timeout');
    lostJustNow = false;
  });

  client.setRequests([
    {
      setupRequest: (defaults: Request) => {
        const { scenario: index, ...request } = picker.next();
        scenario = index;
        startedAt = performance.now();
        return { ...defaults, ...request } as Request;
      },
    },
  ]);
  return { waitingFor: () => (underWay ? performance.now() - startedAt : undefined) };
}
