import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyRecord } from '../../results/key-record';
import { DEFAULT_OPTIONS, type PlatformOptions } from '../../service-model/platform-options';
import type { RustCrate, ServiceModel } from '../../service-model/service-model';
import { crateGraph } from '../crate-graph';
import { KEY_FAMILIES, keyVariable, type KeyFamily } from '../key-variables';
import { hidden } from './ingredient';
import { KeyParts } from './key-parts';
import { KeyWorld, oneLine } from './key-world';
import { openFamilies } from './open-families';

export interface TaskKeys {
  /** Variables that the inputs of the cached targets name. */
  variables: Record<string, string>;
  /** Crates with tasks that run uncached this time, and why. */
  uncached: UncachedCrate[];
  /** What a person should know of a crate, although its results are kept; one sentence each. */
  notes: CrateNotes[];
  /** What the keys are made of. */
  record: KeyRecord;
}

export interface UncachedCrate {
  project: string;
  reasons: string[];
  /** The others are cached. */
  families: KeyFamily[];
}

export interface CrateNotes {
  project: string;
  notes: string[];
}

export interface TaskKeysRequest {
  workspaceRoot: string;
  model: ServiceModel;
  env: NodeJS.ProcessEnv;
  options?: PlatformOptions;
}

/**
 * The key of each family of targets of each crate: everything that can change a result, and nothing else. What cannot be
 * told gets a key of its own.
 */
export async function computeTaskKeys(request: TaskKeysRequest): Promise<TaskKeys> {
  const { model, options = DEFAULT_OPTIONS } = request;
  const world = new KeyWorld({ ...request, options });
  const parts = new KeyParts();
  const graph = crateGraph(model);
  const families = await openFamilies(world, parts, graph);
  const entries: Array<[string, string]> = [];
  const uncached: UncachedCrate[] = [];
  for (const crate of model.crates) {
    const made = KEY_FAMILIES.filter((family) => hasFamily(crate, family)).map((family) => {
      const { hash, unverified } = parts.key(`${crate.project}:${family}`, families[family](crate));
      entries.push([keyVariable(crate.project, family), hash]);
      return { family, unverified };
    });
    const open = made.filter(({ unverified }) => unverified.length > 0);
    if (open.length > 0) {
      const reasons = [...new Set(open.flatMap(({ unverified }) => unverified))];
      uncached.push({ project: crate.project, reasons, families: open.map(({ family }) => family) });
    }
  }
  world.cache.save();
  return {
    variables: joinEqualNames(entries),
    uncached,
    notes: notesOf(world),
    record: parts.record(locksOf(world)),
  };
}

/** When not even that much can be told: every task runs, and says why. */
export function unknownKeys({ crates }: ServiceModel, error: unknown): TaskKeys {
  const reasons = [`the cache keys could not be computed: ${oneLine(error)}`];
  const names = crates.flatMap(({ project }) => KEY_FAMILIES.map((family) => keyVariable(project, family)));
  return {
    variables: Object.fromEntries(names.map((name) => [name, randomUUID()])),
    uncached: crates.map(({ project }) => ({ project, reasons, families: [...KEY_FAMILIES] })),
    notes: [],
    record: { schemaVersion: 1, parts: {}, keys: {}, locks: {} },
  };
}

function notesOf({ declared }: KeyWorld): CrateNotes[] {
  return [...declared].flatMap(([project, { notes }]) => (notes.length > 0 ? [{ project, notes }] : []));
}

function hasFamily({ service }: RustCrate, family: KeyFamily): boolean {
  return family !== 'api' || service !== undefined;
}

function locksOf({ workspaceRoot, cargo }: KeyWorld): Record<string, string> {
  const found = [...cargo.roots].flatMap(([folder, { lockFile }]) => {
    try {
      return [[folder, hidden(readFileSync(join(workspaceRoot, lockFile), 'utf8'))] as const];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(found);
}

/** Two projects whose names differ only in punctuation share a variable; then it must tell of both. */
function joinEqualNames(entries: Array<[string, string]>): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of entries) {
    variables[name] = variables[name] ? hidden(`${variables[name]} ${value}`) : value;
  }
  return variables;
}
