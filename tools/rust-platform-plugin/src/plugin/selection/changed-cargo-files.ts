import { posix } from 'node:path';
import { cargoKeys, readCargoFacts, type CargoFacts } from '../../cargo/cargo-facts';
import { CARGO_FAMILIES, type CargoFamily } from '../../cargo/cargo-facts-families';
import type { ChangedFiles } from '../../cargo/git-revision';
import { parseManifest, tableAt } from '../../cargo/manifest';
import { canonicalJson } from '../../cargo/manifest-facts/manifest-fact';
import type { ComparedSources } from './compared-sources';

export function isCargoFile(path: string): boolean {
  return /^Cargo\.(toml|lock)$/.test(posix.basename(path));
}

export interface ChangedCrate {
  /** Whose keys lock and manifests have changed. */
  families: readonly CargoFamily[];
  /** Its part of Cargo.lock is another. */
  lock: boolean;
}

const UNCHANGED: ChangedCrate = { families: [], lock: false };

export interface CargoComparison {
  /** Manifest path → root folder of its workspace, now. */
  roots: ReadonlyMap<string, string>;
  /** Every Cargo.toml of the repository. */
  manifests: readonly string[];
  changes: ChangedFiles;
  sources: ComparedSources;
  /** What the Cargo files say now, for these roots. */
  factsNow: () => CargoFacts;
}

/**
 * What lock and manifests have changed, by the manifest of a crate. What cannot be told, then or now, counts as changed, and
 * so does everything of a crate that was not there.
 */
export function changedCargoFiles(comparison: CargoComparison): (manifest: string) => ChangedCrate {
  const { modified, added, deleted } = comparison.changes;
  const changed = [...modified, ...added, ...deleted].filter(isCargoFile);
  if (changed.length === 0) return () => UNCHANGED;
  const [now, before] = statesOf(comparison, changed.filter(isManifest));
  return (manifest) => {
    const [left, right] = [now.get(manifest), before.get(manifest)];
    if (!left || !right || left.cargoRoot !== right.cargoRoot)
      return { families: CARGO_FAMILIES, lock: true };
    return {
      families: CARGO_FAMILIES.filter((family) => left.keys[family] !== right.keys[family]),
      lock: left.lock !== right.lock,
    };
  };
}

function statesOf(
  { roots, manifests, changes, sources, factsNow }: CargoComparison,
  changed: readonly string[],
): [Map<string, CrateState>, Map<string, CrateState>] {
  if (!changed.some((path) => isRegrouped(path, sources))) {
    return [stateOf(factsNow()), stateOf(readCargoFacts(sources.before, [...roots.keys()], roots))];
  }
  // Who belongs to which workspace may have changed: then both sides are read from scratch, in the same way.
  const isNew = new Set(changes.added);
  const past = [...manifests.filter((path) => !isNew.has(path)), ...changes.deleted.filter(isManifest)];
  return [
    stateOf(readCargoFacts(sources.now, manifests)),
    stateOf(readCargoFacts(sources.before, [...new Set(past)].sort())),
  ];
}

function isRegrouped(path: string, { now, before }: ComparedSources): boolean {
  return groupingOf(path, now.read(path)) !== groupingOf(path, before.read(path));
}

/** What a manifest says about workspaces. */
function groupingOf(path: string, text: string | undefined): string {
  if (text === undefined) return '';
  const { toml, isWorkspace } = parseManifest(path, text);
  if (!isWorkspace) return canonicalJson(tableAt(toml, 'package')['workspace'] ?? '');
  const { members, exclude } = tableAt(toml, 'workspace');
  return canonicalJson([members, exclude, toml !== undefined]);
}

function isManifest(path: string): boolean {
  return posix.basename(path) === 'Cargo.toml';
}

interface CrateState {
  /** In another workspace it has another lock and another target directory. */
  cargoRoot: string;
  keys: Record<CargoFamily, string>;
  lock: string;
}

function stateOf(facts: CargoFacts): Map<string, CrateState> {
  return new Map(
    [...cargoKeys(facts)].map(([path, keys]) => {
      const { cargoRoot = '', lock } = facts.members.get(path) ?? {};
      return [path, { cargoRoot, keys, lock: JSON.stringify(lock) }];
    }),
  );
}
