import { json } from 'node:stream/consumers';
import { confineHttpyac } from './confine-httpyac';
import { MESSAGE_MARK, type HttpMessage, type HttpOrder } from './http-order';
import { runHttpFile } from './run-http-file';

/** Entry of the child process: scripts in `.http` files run in it, so it may hang or end at any time. */
async function runFiles(): Promise<void> {
  const order = (await json(process.stdin)) as HttpOrder;
  confineHttpyac(order.folder);
  for (const file of order.files) await runHttpFile(order, file, tell);
}

function tell(message: HttpMessage): void {
  process.stdout.write(`\n${MESSAGE_MARK}${JSON.stringify(message)}\n`);
}

runFiles().then(
  // Cookie jars and sockets that a script left open must not keep it alive.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
