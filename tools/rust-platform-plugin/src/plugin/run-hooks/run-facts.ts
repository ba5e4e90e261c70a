import type { RunFacts } from '../../results/run-record';

export interface FactsBefore extends RunFacts {
  /** Hashes of the files that Nx puts into every key, see nx-input-files.ts. */
  files: Record<string, string>;
}

/** What was found before the tasks, until the run ends; by Nx's own id of the run: the daemon can have several under way. */
const facts = new Map<string, FactsBefore>();

export function keepFacts(nxRunId: string, found: FactsBefore): void {
  facts.set(nxRunId, found);
}

export function takeFacts(nxRunId: string): FactsBefore {
  const found = facts.get(nxRunId) ?? { files: {} };
  facts.delete(nxRunId);
  return found;
}
