import { machineLock } from '../locks';
import type { CargoSetup } from './cargo-setup';
import { announceWait, holding } from './hold-lock';

/** Holds the machine shared, so that no benchmark runs beside `work`. */
export async function shareMachine<T>(setup: CargoSetup, work: () => Promise<T>): Promise<T> {
  const { purpose, report, announce = report, signal } = setup;
  const onWait = announceWait('a benchmark to end', announce);
  return holding(machineLock('shared', { purpose, signal, onWait }), work);
}
