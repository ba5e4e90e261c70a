/** The part of `cargo metadata` that is read here. */
interface RawMetadata {
  packages: RawPackage[];
  workspace_members: string[];
  resolve: { nodes: RawNode[] } | null;
}

interface RawPackage {
  id: string;
  name: string;
  dependencies: RawDependency[];
  features: Record<string, string[]>;
  targets: Array<{ kind: string[] }>;
}

interface RawDependency {
  name: string;
  rename: string | null;
  kind: 'dev' | 'build' | null;
  target: string | null;
  optional: boolean;
  uses_default_features: boolean;
  features: string[];
  /** Of an unstable kind, whose features are chosen apart. */
  artifact?: unknown;
}

interface RawNode {
  id: string;
  deps: Array<{
    /** As the code calls it. */
    name: string;
    pkg: string;
    dep_kinds?: Array<{ kind: string | null; target: string | null }>;
  }>;
}

/** Whether a package serves the program, or a build script or procedural macro, for which cargo chooses features apart. */
export type Side = 'program' | 'host';

/** Features by package id and side. */
export type Features = ReadonlyMap<string, ReadonlySet<string>>;

export function featuresKey(packageId: string, side: Side): string {
  return `${side} ${packageId}`;
}

/**
 * Features that cargo is certain to switch on when one member is compiled alone, by the rules of cargo's own resolver
 * (`core/resolver/features.rs`). It may switch on more: what depends on anything doubtful here (a dependency that two entries of
 * the lock could stand for, one for another platform than that of `metadata`) is left out.
 */
export class CertainFeatures {
  private readonly packages: Map<string, RawPackage>;
  private readonly nodes: Map<string, RawNode>;
  private readonly members: Map<string, string>;
  private readonly platforms: Set<string | null>;
  private readonly resolved = new Map<RawDependency, string | undefined>();

  /** @param text the answer of `cargo metadata --filter-platform`. Throws for what is none. */
  constructor(text: string) {
    const metadata = JSON.parse(text) as RawMetadata;
    this.packages = new Map(metadata.packages.map((each) => [each.id, each]));
    this.nodes = new Map((metadata.resolve?.nodes ?? []).map((node) => [node.id, node]));
    this.platforms = certainPlatforms(this.nodes.values());
    this.members = new Map(metadata.workspace_members.map((id) => [this.packages.get(id)?.name ?? '', id]));
  }

  /** Id of a member of the workspace. */
  member(packageName: string): string | undefined {
    return this.members.get(packageName);
  }

  /** Of everything that is compiled for a member with its default features, with what its tests need or without. */
  of(packageId: string, withTests: boolean): Features {
    const walk = new FeatureWalk(
      (id) => this.packages.get(id),
      (id, dependency) => this.resolve(id, dependency),
      withTests ? packageId : undefined,
    );
    for (const side of this.isMacro(packageId) ? (['program', 'host'] as const) : (['program'] as const)) {
      walk.activate(packageId, side, ['default']);
    }
    return walk.features;
  }

  private isMacro(id: string): boolean {
    return isMacro(this.packages.get(id));
  }

  /** The package of the lock that stands for an entry of a manifest; nothing when that is not clear. */
  private resolve(id: string, dependency: RawDependency): string | undefined {
    if (!this.resolved.has(dependency)) this.resolved.set(dependency, this.find(id, dependency));
    return this.resolved.get(dependency);
  }

  private find(id: string, dependency: RawDependency): string | undefined {
    const { name, rename, kind, target, artifact } = dependency;
    if (artifact || !this.platforms.has(target)) return undefined;
    const isSame = (other: { kind: string | null; target: string | null }): boolean =>
      other.kind === kind && other.target === target;
    const taken = (this.packages.get(id)?.dependencies ?? [])
      .filter((other) => other !== dependency && other.name === name && isSame(other))
      .map((other) => other.rename && inCode(other.rename));
    const found = (this.nodes.get(id)?.deps ?? []).filter(
      (dep) =>
        this.packages.get(dep.pkg)?.name === name &&
        (rename === null ? !taken.includes(dep.name) : dep.name === inCode(rename)) &&
        (dep.dep_kinds ?? []).some(isSame),
    );
    return found.length === 1 ? found[0]?.pkg : undefined;
  }
}

/**
 * What `cfg(…)` and triples are true of this platform. metadata leaves out what another one needs, but where a dependency has
 * several entries it tells all of them if one is true.
 */
function certainPlatforms(nodes: Iterable<RawNode>): Set<string | null> {
  const platforms = new Set<string | null>([null]);
  for (const { deps } of nodes) {
    for (const { dep_kinds: kinds = [] } of deps) {
      const [first] = kinds;
      if (first && kinds.every(({ target }) => target === first.target)) platforms.add(first.target);
    }
  }
  return platforms;
}

/** Features only grow, so the order in which things are switched on does not matter. */
class FeatureWalk {
  readonly features = new Map<string, Set<string>>();
  /** Optional dependencies that are switched on. */
  private readonly chosen = new Set<string>();
  /** What `name?/feature` asks for once the dependency is switched on. */
  private readonly waiting = new Map<string, string[]>();

  constructor(
    private readonly find: (id: string) => RawPackage | undefined,
    private readonly resolve: (id: string, dependency: RawDependency) => string | undefined,
    /** The only package whose dependencies for tests count. */
    private readonly tested: string | undefined,
  ) {}

  activate(id: string, side: Side, values: readonly string[]): void {
    const key = featuresKey(id, side);
    if (!this.features.has(key)) {
      this.features.set(key, new Set());
      for (const each of this.dependencies(id)) if (!each.optional) this.depend(id, side, each);
    }
    for (const value of values) this.switchOn(id, side, value);
  }

  private depend(id: string, side: Side, dependency: RawDependency): void {
    const { features, uses_default_features: usesDefault } = dependency;
    this.ask(id, side, dependency, usesDefault ? [...features, 'default'] : features);
  }

  private ask(id: string, side: Side, dependency: RawDependency, values: readonly string[]): void {
    const target = this.resolve(id, dependency);
    if (target === undefined) return;
    const isHost = side === 'host' || dependency.kind === 'build' || isMacro(this.find(target));
    this.activate(target, isHost ? 'host' : 'program', values);
  }

  /** `feature`, `dep:name`, `name/feature` or `name?/feature`. */
  private switchOn(id: string, side: Side, value: string): void {
    const [, name = '', weak, feature = ''] = /^([^/?]+)(\?)?\/(.+)$/u.exec(value) ?? [];
    if (name !== '') this.switchOnBelow(id, side, { name, isWeak: weak !== undefined, feature });
    else if (value.startsWith('dep:')) this.choose(id, side, value.slice('dep:'.length));
    else this.switchOnFeature(id, side, value);
  }

  private switchOnFeature(id: string, side: Side, feature: string): void {
    const values = this.find(id)?.features[feature];
    const own = this.features.get(featuresKey(id, side));
    if (!values || !own || own.has(feature)) return;
    own.add(feature);
    for (const value of values) this.switchOn(id, side, value);
  }

  private switchOnBelow(
    id: string,
    side: Side,
    { name, isWeak, feature }: { name: string; isWeak: boolean; feature: string },
  ): void {
    const named = this.named(id, name);
    const key = `${featuresKey(id, side)} ${name}`;
    const isOptional = named.some(({ optional }) => optional);
    if (isOptional && isWeak && !this.chosen.has(key)) {
      this.waiting.set(key, [...(this.waiting.get(key) ?? []), feature]);
    } else {
      if (isOptional && !isWeak) {
        this.choose(id, side, name);
        this.switchOnFeature(id, side, name);
      }
      for (const each of named) this.ask(id, side, each, [feature]);
    }
  }

  private choose(id: string, side: Side, name: string): void {
    const key = `${featuresKey(id, side)} ${name}`;
    if (this.chosen.has(key)) return;
    this.chosen.add(key);
    const named = this.named(id, name);
    const late = this.waiting.get(key) ?? [];
    for (const each of named) this.ask(id, side, each, late);
    for (const each of named.filter(({ optional }) => optional)) this.depend(id, side, each);
  }

  /** Of this platform only: `name/feature` does nothing for another one, not even switch on a feature of that name. */
  private named(id: string, name: string): RawDependency[] {
    const all = this.dependencies(id).filter((each) => (each.rename ?? each.name) === name);
    return all.filter((each) => this.resolve(id, each) !== undefined);
  }

  private dependencies(id: string): RawDependency[] {
    const all = this.find(id)?.dependencies ?? [];
    return id === this.tested ? all : all.filter(({ kind }) => kind !== 'dev');
  }
}

function isMacro(each: RawPackage | undefined): boolean {
  return each?.targets.some(({ kind }) => kind.includes('proc-macro')) ?? false;
}

/** As code names a dependency. */
function inCode(name: string): string {
  return name.replaceAll('-', '_');
}
