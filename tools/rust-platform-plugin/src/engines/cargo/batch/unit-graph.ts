import { featuresKey, type Features, type Side } from './certain-features';

/** The part of `cargo --unit-graph` that is read here. */
export interface UnitGraph {
  version: number;
  units: RawUnit[];
  /** Indices of the units that were asked for. */
  roots: number[];
}

interface RawUnit {
  pkg_id: string;
  target: { kind: string[] };
  platform: string | null;
  features: string[];
  dependencies: Array<{ index: number }>;
}

/** What a selection of crates makes of one package. */
export interface PlannedPackage {
  packageId: string;
  /** Serves a build script or a procedural macro, so its features are chosen apart from those of the program. */
  isForHost: boolean;
  /** A crate of a folder, or one that such a crate names as a dependency: what our own code can see by itself. */
  isNear: boolean;
  /** Sorted. More than one list where cargo compiles the package more than once. */
  features: string[][];
}

/** By package, side (program or host) and platform. */
export type FeaturePlan = Record<string, PlannedPackage>;

const KNOWN_VERSION = 1;

/** Throws a plain Error for what is no unit graph of a known form. */
export function readUnitGraph(text: string): UnitGraph {
  const graph = JSON.parse(text) as UnitGraph;
  if (graph.version !== KNOWN_VERSION)
    throw new Error(`its unit graph has the form ${String(graph.version)}`);
  return graph;
}

/** Features of every package that cargo would compile for all that was asked for, or for one package of that. */
export function planOf(graph: UnitGraph, packageId?: string): FeaturePlan {
  const plan: FeaturePlan = {};
  for (const { unit, isForHost, isNear } of visit(graph, packageId))
    add(plan, unit, { isForHost, isNear, features: unit.features });
  return plan;
}

/**
 * The same with the features that are certain for one package alone. Without packages of which nothing is certain.
 */
export function certainPlan(graph: UnitGraph, packageId: string, certain: Features): FeaturePlan {
  const plan: FeaturePlan = {};
  for (const { unit, isForHost, isNear, side } of visit(graph, packageId)) {
    const features = certain.get(featuresKey(unit.pkg_id, side));
    if (features && unit.platform === null) add(plan, unit, { isForHost, isNear, features: [...features] });
  }
  return plan;
}

interface Visit {
  unit: RawUnit;
  isForHost: boolean;
  isNear: boolean;
  /** For which cargo chose its features: a build script has those of its package. */
  side: Side;
}

/** Each unit once per way in which it is used: one unit may serve the program and a macro alike. */
function visit({ units, roots }: UnitGraph, packageId?: string): Visit[] {
  const unitAt = (index: number): RawUnit => {
    const unit = units[index];
    if (!unit) throw new Error(`its unit graph has no unit ${index}`);
    return unit;
  };
  const seen = new Set<string>();
  const found: Visit[] = [];
  const open = roots
    .filter((index) => packageId === undefined || unitAt(index).pkg_id === packageId)
    .map((index) => ({ index, isForHost: false, isNear: true, side: sideOf(unitAt(index), 'program') }));
  for (let next = open.pop(); next; next = open.pop()) {
    const unit = unitAt(next.index);
    const { side } = next;
    const isForHost = next.isForHost || unit.target.kind.some((kind) => HOST_KINDS.has(kind));
    const isPath = isPathPackage(unit.pkg_id);
    const isNear = next.isNear || isPath;
    const key = [next.index, isForHost, isNear, side].join(' ');
    if (seen.has(key)) continue;
    seen.add(key);
    found.push({ unit, isForHost, isNear, side });
    for (const { index } of unit.dependencies)
      open.push({ index, isForHost, isNear: isPath, side: sideOf(unitAt(index), side, unit) });
  }
  return found;
}

function sideOf(unit: RawUnit, side: Side, from?: RawUnit): Side {
  if (unit.target.kind.includes('proc-macro')) return 'host';
  // What a build script runs with: its own program, and what those of other packages told.
  if (unit.target.kind.includes('custom-build')) return side;
  return from?.target.kind.includes('custom-build') ? 'host' : side;
}

const HOST_KINDS = new Set(['proc-macro', 'custom-build']);

export function isPathPackage(packageId: string): boolean {
  return packageId.startsWith('path+') || packageId.includes('(path+');
}

function add(
  plan: FeaturePlan,
  unit: RawUnit,
  use: Omit<Visit, 'unit' | 'side'> & { features: string[] },
): void {
  const { isForHost, isNear } = use;
  const key = [unit.pkg_id, isForHost ? 'host' : 'program', unit.platform ?? ''].join(' ');
  const known = plan[key] ?? { packageId: unit.pkg_id, isForHost, isNear, features: [] };
  known.isNear ||= isNear;
  const features = [...use.features].sort();
  const isNew = !known.features.some((list) => list.join() === features.join());
  if (isNew) known.features = [...known.features, features].sort((a, b) => (a.join() < b.join() ? -1 : 1));
  plan[key] = known;
}
