import { startForeground } from '../process/foreground';

/** A launcher for tests: runs a script that ignores SIGTERM in the foreground, and waits for it. */
const child = startForeground({
  command: 'sh',
  args: ['-c', process.argv[2] ?? 'trap "" TERM; echo ready; sleep 300; sleep 300'],
  cwd: process.cwd(),
  env: process.env,
  killGraceMs: 300,
});
child.exited.then(
  (exit) => console.log(`exited ${JSON.stringify(exit)}`),
  (error: unknown) => console.log(String(error)),
);
