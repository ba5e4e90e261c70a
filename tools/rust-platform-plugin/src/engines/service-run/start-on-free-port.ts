import { PlatformError } from '../../errors';
import type { RunningService } from '../supervisor';
import { startService, type StartServiceRequest } from './start-service';
import { stopServices } from './stop-services';
import { untilReady } from './until-ready';

const ATTEMPTS = 3;

/**
 * A port that was free a moment ago may be taken when the service binds it: then the next one is tried. Resolves when the
 * service is ready; a service that does not get there, or the abort signal, is stopped before the error is thrown.
 */
export async function startOnFreePort(
  requestFor: (port: number) => StartServiceRequest,
  { findPort, signal }: { findPort: () => Promise<number>; signal?: AbortSignal },
): Promise<RunningService> {
  for (let attempt = 1; ; attempt++) {
    const service = await startService(requestFor(await findPort()));
    try {
      await untilReady(service, signal);
      return service;
    } catch (error) {
      await stopServices([service], signal?.aborted ?? false);
      const lostRace = error instanceof PlatformError && error.code === 'port-taken';
      if (!lostRace || attempt === ATTEMPTS) throw error;
    }
  }
}
