import { json } from 'node:stream/consumers';
import type { LoadMessage, LoadOrder } from './load-order';
import { measurePhase } from './measure-phase';
import { RequestPicker } from './request-picker';
import { errorCount } from './run-figures';
import { sendSetup } from './send-setup';

/** Entry of the child process that makes the load: it has an event loop of its own and ends with all its sockets. */
async function makeLoad(): Promise<void> {
  const order = (await json(process.stdin)) as LoadOrder;
  if (order.setup.length > 0) {
    const result = await sendSetup(order.target.baseUrl, order.setup, order.setupLimitSeconds);
    if ('problem' in result) return tell({ type: 'setup-failed', failure: result });
    tell({ type: 'setup', figures: result });
  }
  const picker = new RequestPicker(order.target.scenarios);
  for (const [phase, { seconds }] of order.phases.entries()) {
    tell({ type: 'phase-started', phase });
    const figures = await measurePhase(order.target, picker, seconds);
    tell({ type: 'phase', phase, figures });
    // More of nothing but errors says nothing new.
    if (figures.requests === 0 && errorCount(figures) + figures.unexpected > 0) return;
  }
}

function tell(message: LoadMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

void makeLoad();
