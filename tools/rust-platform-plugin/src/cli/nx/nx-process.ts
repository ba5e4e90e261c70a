import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { markScript } from '../../results/run-marker';

const LIFE_LINE = 3;
/** Nx ends its task trees within 5 s of SIGTERM; this is for an Nx that hangs. */
const LAST_RESORT_MS = 20_000;

/**
 * The main script of the Nx process that the launcher starts: `node nx-process.js <nx.js> <runId> <arguments of nx…>`.
 * It tells Nx's hooks which run they belong to, and ends Nx when the launcher is gone.
 */
function main(): void {
  const [node = process.execPath, , nxScript = '', runId = '', ...args] = process.argv;
  endWithLauncher();
  process.argv = [node, markScript(nxScript, runId), ...args];
  createRequire(nxScript)(nxScript);
}

function endWithLauncher(): void {
  const line = new Socket({ fd: LIFE_LINE, readable: true, writable: false });
  line.on('error', () => undefined);
  line.once('close', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(143), LAST_RESORT_MS);
  });
  line.resume();
  line.unref();
}

main();
