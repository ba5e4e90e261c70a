import { statSync, truncateSync } from 'node:fs';
import { checkoutLock } from '../locks';
import { recoverFrom } from './recover';
import { Supervisor } from './supervisor';
import { supervisorPaths, type SupervisorPaths } from './supervisor-paths';

const MAX_LOG = 1024 * 1024;

/** The supervisor's process: node main.js <workspace root> <state directory>; its output goes to its log file. */
async function main(): Promise<void> {
  const [workspaceRoot = '', stateDirectory] = process.argv.slice(2);
  const paths = await supervisorPaths(workspaceRoot, stateDirectory);
  const log = (line: string) => writeLog(paths.logFile, line);
  // The terminal's Ctrl-C is for those who use us; their connections end, and with these their services.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  // Held for our whole life: only one supervisor of a checkout ever touches its socket and state file.
  const lock = await checkoutLock(paths.workspaceRoot, 'supervisor', {
    purpose: 'supervisor',
    timeoutMs: 30_000,
  });
  await recoverFrom(paths.stateFile, log);
  const supervisor = new Supervisor({ paths, stopUnpinnedDeps: () => stopUnpinnedDeps(paths, log), log });
  process.on('SIGTERM', () => void supervisor.shutDown('SIGTERM'));
  process.on('uncaughtException', (error) => {
    log(`internal error: ${error.stack ?? error.message}`);
    void supervisor.shutDown('internal error');
  });
  await supervisor.listen();
  log(`serving ${paths.workspaceRoot} at ${paths.socket}`);
  await supervisor.done;
  await lock.release();
  process.exit(); // Whatever is still open, nobody needs it.
}

/** Loaded when it is needed: it brings database drivers along. */
async function stopUnpinnedDeps(
  { workspaceRoot, stateDirectory }: SupervisorPaths,
  log: (line: string) => void,
): Promise<void> {
  // Not import(): that is native, and cannot load the sources in tests.
  const deps = require('../deps/stop-deps') as typeof import('../deps/stop-deps');
  await deps.stopUnpinnedDeps(workspaceRoot, stateDirectory, log);
}

function writeLog(file: string, line: string): void {
  try {
    if (statSync(file).size > MAX_LOG) truncateSync(file);
  } catch {
    // Removed with its checkout.
  }
  process.stderr.write(`${new Date().toISOString()} ${process.pid} ${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
