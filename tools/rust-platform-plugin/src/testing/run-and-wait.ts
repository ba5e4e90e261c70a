import { run } from '../process/run';

/** A parent for tests: runs a long command, guarded after the given time, and waits, or exits when the child is ready. */
const [guardAfterMs, then] = process.argv.slice(2);

void run('sh', ['-c', 'trap "" TERM; echo ready; sleep 300; sleep 300'], {
  guardAfterMs: Number(guardAfterMs),
  killGraceMs: 300,
  onLine: (line) => {
    console.log(`child says ${line}`);
    if (then === 'exit') process.exit(0);
  },
});
