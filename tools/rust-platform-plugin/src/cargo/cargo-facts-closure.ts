import type { CargoFacts, MemberFacts, PackageFacts } from './cargo-facts-types';

/**
 * Every crate that a member reaches by path, without itself: by normal and build dependencies, and for `test` by its own
 * dev-dependencies too. Resolver 1 switches features on for builds that only dev-dependencies ask for.
 */
export function pathClosure(facts: CargoFacts, member: MemberFacts, cut: 'build' | 'test'): PackageFacts[] {
  const targets = targetsIn(facts);
  const isWhole = cut === 'test' || facts.roots.get(member.cargoRoot)?.resolver === '1';
  const reached = new Set<PackageFacts>([member]);
  const queue = [...(isWhole ? targets.all(member) : targets.built(member))];
  for (let found = queue.pop(); found !== undefined; found = queue.pop()) {
    if (reached.has(found)) continue;
    reached.add(found);
    queue.push(...targets.built(found));
  }
  reached.delete(member);
  return [...reached];
}

/** The packages that one leads to, looked up once. */
class Targets {
  private readonly known = new Map<PackageFacts, PackageFacts[]>();

  constructor(private readonly byFolder: ReadonlyMap<string, PackageFacts>) {}

  all({ pathDependencies }: PackageFacts): PackageFacts[] {
    return pathDependencies.flatMap(({ folder }) => this.byFolder.get(folder) ?? []);
  }

  built(from: PackageFacts): PackageFacts[] {
    const known = this.known.get(from);
    if (known) return known;
    const compiled = from.pathDependencies.filter(({ kinds }) => kinds.some((kind) => kind !== 'dev'));
    const targets = this.all({ ...from, pathDependencies: compiled });
    this.known.set(from, targets);
    return targets;
  }
}

const KNOWN = new WeakMap<CargoFacts, Targets>();

function targetsIn(facts: CargoFacts): Targets {
  const known = KNOWN.get(facts);
  if (known) return known;
  const all: PackageFacts[] = [...facts.others.values(), ...facts.members.values()];
  const targets = new Targets(new Map(all.map((one) => [one.folder, one])));
  KNOWN.set(facts, targets);
  return targets;
}
