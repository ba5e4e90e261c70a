import { targetDirectoryLock } from '../locks';
import type { CargoSetup } from './cargo-setup';
import { announceWait, holding } from './hold-lock';
import { oneByOne, type OneByOne } from './one-by-one';

/** Those in this process who wait for a target directory: among them no file lock has to be asked. */
const queues = new Map<string, OneByOne>();

/** Holds the target directory of a crate exclusively while `work` runs. */
export async function inTargetDirectory<T>(setup: CargoSetup, work: () => Promise<T>): Promise<T> {
  const { crate, purpose, report, announce = report, signal } = setup;
  const queue = queues.get(crate.targetDirectory) ?? oneByOne();
  queues.set(crate.targetDirectory, queue);
  return queue(async () => {
    signal?.throwIfAborted();
    const onWait = announceWait(`the target directory ${crate.targetDirectory}`, announce);
    return holding(targetDirectoryLock(crate.targetDirectory, { purpose, signal, onWait }), work);
  });
}
