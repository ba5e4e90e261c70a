/** The part of `cargo --unit-graph` that is read here. */
interface RawGraph {
  version: number;
  units: RawUnit[];
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

/** Features of every package that cargo would compile. Throws a plain Error for what is no unit graph of a known form. */
export function readUnitGraph(text: string): FeaturePlan {
  const graph = JSON.parse(text) as RawGraph;
  if (graph.version !== KNOWN_VERSION)
    throw new Error(`its unit graph has the form ${String(graph.version)}`);
  const plan: FeaturePlan = {};
  for (const { unit, isForHost, isNear } of visit(graph)) add(plan, unit, isForHost, isNear);
  return plan;
}

interface Visit {
  unit: RawUnit;
  isForHost: boolean;
  isNear: boolean;
}

/** Each unit once per way in which it is used: one unit may serve the program and a macro alike. */
function visit({ units, roots }: RawGraph): Visit[] {
  const seen = new Set<string>();
  const found: Visit[] = [];
  const open = roots.map((index) => ({ index, isForHost: false, isNear: true }));
  for (let next = open.pop(); next; next = open.pop()) {
    const unit = units[next.index];
    if (!unit) throw new Error(`its unit graph has no unit ${next.index}`);
    const isForHost = next.isForHost || unit.target.kind.some((kind) => HOST_KINDS.has(kind));
    const isPath = isPathPackage(unit.pkg_id);
    const isNear = next.isNear || isPath;
    const key = `${next.index} ${String(isForHost)} ${String(isNear)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    found.push({ unit, isForHost, isNear });
    open.push(...unit.dependencies.map(({ index }) => ({ index, isForHost, isNear: isPath })));
  }
  return found;
}

const HOST_KINDS = new Set(['proc-macro', 'custom-build']);

export function isPathPackage(packageId: string): boolean {
  return packageId.startsWith('path+') || packageId.includes('(path+');
}

function add(plan: FeaturePlan, unit: RawUnit, isForHost: boolean, isNear: boolean): void {
  const key = [unit.pkg_id, isForHost ? 'host' : 'program', unit.platform ?? ''].join(' ');
  const known = plan[key] ?? { packageId: unit.pkg_id, isForHost, isNear, features: [] };
  known.isNear ||= isNear;
  const features = [...unit.features].sort();
  const isNew = !known.features.some((list) => list.join() === features.join());
  if (isNew) known.features = [...known.features, features].sort((a, b) => (a.join() < b.join() ? -1 : 1));
  plan[key] = known;
}
