import { descendantsOf, describeProcess, type EnvironmentMarker } from '../process/process-facts';

/** Living children of a process and theirs, in the order of the process table; with a marker also those that left it. */
export async function processesOf(
  pid: number,
  marker?: EnvironmentMarker,
): Promise<Array<{ pid: number; command: string }>> {
  const found = await Promise.all((await descendantsOf(pid, marker)).map(describeProcess));
  return found.flatMap((process) => (process ? [{ pid: process.pid, command: process.command }] : []));
}
