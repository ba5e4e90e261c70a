import { currentRun } from '../engines/run/run-identity';

/** Prints the run of this process for the workspace in its first argument. */
void currentRun(process.argv[2]).then((run) => console.log(JSON.stringify(run)));
