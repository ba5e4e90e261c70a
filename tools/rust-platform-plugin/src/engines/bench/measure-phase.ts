import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { LoadRecorder } from './load-recorder';
import type { RequestPicker } from './request-picker';
import type { RunFigures } from './run-figures';
import type { Scenario } from './scenarios';
import { watchConnection, type WatchedConnection } from './watch-connection';

export interface LoadTarget {
  /** e.g. `http://127.0.0.1:8123`. */
  baseUrl: string;
  scenarios: Scenario[];
  connections: number;
  /** At least 1: the load generator takes no less. */
  timeoutSeconds: number;
}

/** autocannon ends a run at the next sample, so this is how much longer than asked a run may be. */
const SAMPLE_MS = 20;
const TOO_MANY_ERRORS = 1000;

/** Load from a fixed number of connections, each of which sends its next request when it has a response. */
export async function measurePhase(
  target: LoadTarget,
  picker: RequestPicker,
  seconds: number,
): Promise<RunFigures> {
  const recorder = new LoadRecorder(target.scenarios);
  const connections: WatchedConnection[] = [];
  const utilization = performance.eventLoopUtilization();
  const start = performance.now();
  const stoppedEarly = await drive(target, seconds, recorder, (client) => {
    connections.push(watchConnection(client, picker, recorder));
  });
  const elapsed = (performance.now() - start) / 1000;
  // With a request longer than half the run the end comes before the timeout would.
  const limit = Math.min(target.timeoutSeconds, seconds / 2) * 1000;
  for (const connection of connections) {
    if ((connection.waitingFor() ?? 0) >= limit) recorder.error('unanswered');
  }
  return recorder.figures(elapsed, performance.eventLoopUtilization(utilization).utilization, stoppedEarly);
}

/** Resolves with whether it ended before its time. */
function drive(
  target: LoadTarget,
  seconds: number,
  recorder: LoadRecorder,
  setupClient: (client: autocannon.Client) => void,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let stoppedEarly = false;
    const instance = autocannon(
      {
        url: target.baseUrl,
        connections: target.connections,
        duration: seconds,
        timeout: target.timeoutSeconds,
        sampleInt: SAMPLE_MS,
        skipAggregateResult: true,
        setupClient,
      },
      (error: unknown) => (error ? reject(error) : resolve(stoppedEarly)),
    );
    // A server that refuses connections is asked again at once, thousands of times in a second.
    instance.on('reqError', () => {
      if (stoppedEarly || recorder.errorTotal < TOO_MANY_ERRORS) return;
      stoppedEarly = true;
      instance.stop();
    });
  });
}
