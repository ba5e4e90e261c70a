import { setTimeout as delay } from 'node:timers/promises';
import type { RunningService } from '../supervisor';
import { UndoStack } from './undo-stack';

const HURRY_MS = 3000;

/**
 * Last started, first stopped, each with its full grace. `hurry`: all get the signal together and a few seconds, since Nx
 * kills an interrupted task after five; the supervisor ends what is left then.
 */
export async function stopServices(services: readonly RunningService[], hurry: boolean): Promise<void> {
  if (hurry) {
    const together = Promise.allSettled(services.map((service) => service.stop()));
    await Promise.race([together, delay(HURRY_MS, undefined, { ref: false })]);
    return;
  }
  const stops = new UndoStack();
  for (const service of services) stops.add(() => service.stop());
  await stops.run();
}
