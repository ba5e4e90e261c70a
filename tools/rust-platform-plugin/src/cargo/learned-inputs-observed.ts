import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mergeLearned, NOTHING_LEARNED, type LearnedCrate, type LearnedInputs } from './learned-inputs';

/** In the state directory: what builds have read that no key held, until `learn` puts it into `rust-inputs.json`. */
export const OBSERVED_INPUTS_FILE = 'observed-inputs.json';

/** Of a crate: `settles` are the reasons that a build has shed light on. */
export type ObservedInputs = LearnedInputs;

/** Nothing when it is missing or damaged: the next build sees the same again. */
export function readObservedInputs(stateDirectory: string): ObservedInputs {
  try {
    const { crates } = JSON.parse(readFileSync(join(stateDirectory, OBSERVED_INPUTS_FILE), 'utf8')) as {
      crates?: Record<string, Partial<LearnedCrate>>;
    };
    return Object.fromEntries(
      Object.entries(crates ?? {}).map(([project, crate]) => [
        project,
        mergeLearned(NOTHING_LEARNED, whole(crate)),
      ]),
    );
  } catch {
    return {};
  }
}

/**
 * Adds to what was observed. Tasks do so at the same time: what another one overwrites is added once more, and a build
 * whose entry is lost in spite of that is not kept, so it comes again.
 */
export function addObservedInputs(stateDirectory: string, added: ObservedInputs): void {
  if (Object.keys(added).length === 0) return;
  for (let attempt = 0; attempt < 5; attempt++) {
    const known = readObservedInputs(stateDirectory);
    const merged = { ...known };
    for (const [project, crate] of Object.entries(added))
      merged[project] = mergeLearned(known[project] ?? NOTHING_LEARNED, crate);
    if (JSON.stringify(merged) === JSON.stringify(known)) return;
    writeObservedInputs(stateDirectory, merged);
  }
}

export function writeObservedInputs(stateDirectory: string, observed: ObservedInputs): void {
  const file = join(stateDirectory, OBSERVED_INPUTS_FILE);
  const draft = `${file}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(draft, `${JSON.stringify({ schemaVersion: 1, crates: observed }, null, 2)}\n`);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function whole(crate: Partial<LearnedCrate>): LearnedCrate {
  const texts = (list: unknown) =>
    Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
  return { files: texts(crate.files), environment: texts(crate.environment), settles: texts(crate.settles) };
}
