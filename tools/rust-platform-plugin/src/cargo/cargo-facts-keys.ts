import { createHash } from 'node:crypto';
import { pathClosure } from './cargo-facts-closure';
import {
  CARGO_FAMILIES,
  cutOf,
  lockOf,
  manifestAsDependency,
  ownManifest,
  rootManifest,
  type CargoFamily,
} from './cargo-facts-families';
import type { CargoFacts, MemberFacts, PackageFacts } from './cargo-facts-types';
import { canonicalJson } from './manifest-facts/manifest-fact';

/**
 * Per member (by manifest path) all that Cargo files say about it and about the crates that it reaches by path, as one hash
 * per family. A member whose lock cannot be told is left out: it counts as changed.
 */
export function cargoKeys(facts: CargoFacts): Map<string, Record<CargoFamily, string>> {
  const known = new Map<PackageFacts, string>();
  const asDependency = (crate: PackageFacts): string => {
    const found = known.get(crate) ?? hash(manifestAsDependency(crate));
    known.set(crate, found);
    return found;
  };
  const members = [...facts.members].filter(([, { lock }]) => lock !== undefined);
  return new Map(
    members.map(([path, member]) => {
      const below = (family: CargoFamily) =>
        family === 'rustfmt' ? [] : pathClosure(facts, member, cutOf(family)).map(asDependency).sort();
      const entries = CARGO_FAMILIES.map((family) => [family, key(member, family, below(family), facts)]);
      return [path, Object.fromEntries(entries) as Record<CargoFamily, string>];
    }),
  );
}

function key(member: MemberFacts, family: CargoFamily, below: string[], { roots }: CargoFacts): string {
  const root = roots.get(member.cargoRoot);
  return hash([
    lockOf(member, family),
    root ? rootManifest(root, family) : [],
    ownManifest(member, family, root?.resolver ?? ''),
    below,
  ]);
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32);
}
