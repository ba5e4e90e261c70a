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
  /** Some manifest of its Cargo workspace says something else, be it what nothing is built from. */
  workspace: boolean;
}

const UNCHANGED: ChangedCrate = { families: [], lock: false, workspace: false };

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
  const workspaces = changedWorkspaces(now, before);
  return (manifest) => {
    const [left, right] = [now.get(manifest), before.get(manifest)];
    if (!left || !right || left.cargoRoot !== right.cargoRoot)
      return { families: CARGO_FAMILIES, lock: true, workspace: true };
    return {
      families: CARGO_FAMILIES.filter((family) => left.keys[family] !== right.keys[family]),
      lock: left.lock !== right.lock,
      workspace: workspaces.has(left.cargoRoot),
    };
  };
}

function changedWorkspaces(now: CrateStates, before: CrateStates): Set<string> {
  const differing = [...new Set([...now.keys(), ...before.keys()])].filter(
    (path) => now.get(path)?.manifest !== before.get(path)?.manifest,
  );
  return new Set(
    differing.flatMap((path) => [now, before].flatMap((state) => state.get(path)?.cargoRoot ?? [])),
  );
}

function statesOf(
  { roots, manifests, changes, sources, factsNow }: CargoComparison,
  changed: readonly string[],
): [CrateStates, CrateStates] {
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
  /** All that it says itself, inherited fields among it. */
  manifest: string;
}

/** By manifest. */
type CrateStates = ReadonlyMap<string, CrateState>;

function stateOf(facts: CargoFacts): CrateStates {
  return new Map(
    [...cargoKeys(facts)].map(([path, keys]) => {
      const { cargoRoot = '', lock, manifest = [] } = facts.members.get(path) ?? {};
      return [path, { cargoRoot, keys, lock: JSON.stringify(lock), manifest: canonicalJson(manifest) }];
    }),
  );
}
