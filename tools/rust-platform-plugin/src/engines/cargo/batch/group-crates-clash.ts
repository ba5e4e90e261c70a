import type { CargoCrate } from '../cargo-setup';
import { packageName } from '../compile-failure';
import type { FeaturePlan, PlannedPackage } from './unit-graph';

/** Of which packages a crate must get the same features as alone. */
export type Rule = 'every package' | 'near packages';

/** Features that one crate would get from another. */
export interface Clash {
  from: string;
  to: string;
  package: PlannedPackage;
  features: string[];
}

/** A crate with what cargo would do for it alone. */
export interface Planned {
  crate: CargoCrate;
  plan: FeaturePlan;
}

/** Groups of crates that agree with each other in pairs; large ones first, because the others are then parts of theirs. */
export function bringTogether(all: readonly Planned[], rule: Rule): Planned[][] {
  const size = ({ plan }: Planned): number => Object.keys(plan).length;
  const sorted = [...all].sort((a, b) => size(b) - size(a) || (a.crate.project < b.crate.project ? -1 : 1));
  const groups: Planned[][] = [];
  for (const one of sorted) {
    const group = groups.find((members) => members.every((other) => !clashOf(one, other, rule)));
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

/** What one of two crates would give the other, if they were compiled together. */
export function clashOf(a: Planned, b: Planned, rule: Rule): Clash | undefined {
  return gift(a, b, rule) ?? gift(b, a, rule);
}

function gift(from: Planned, to: Planned, rule: Rule): Clash | undefined {
  for (const [key, own] of relevant(to.plan, rule)) {
    const other = from.plan[key];
    if (!other || listOf(other) === listOf(own)) continue;
    const features = surplus(other, own);
    if (features.length === 0 && other.features.length === 1 && own.features.length === 1) continue;
    return { from: from.crate.packageName, to: to.crate.packageName, package: own, features };
  }
  return undefined;
}

/** Whether a crate with this plan would get something else in that selection. */
export function clashWith(own: FeaturePlan, whole: FeaturePlan, rule: Rule): boolean {
  return relevant(own, rule).some(([key, each]) => {
    const other = whole[key];
    return !other || listOf(other) !== listOf(each);
  });
}

function relevant(plan: FeaturePlan, rule: Rule): Array<[string, PlannedPackage]> {
  const all = Object.entries(plan);
  return rule === 'every package' ? all : all.filter(([, { isNear }]) => isNear);
}

function listOf({ features }: PlannedPackage): string {
  return features.map((list) => list.join()).join(' | ');
}

function surplus(other: PlannedPackage, own: PlannedPackage): string[] {
  const known = new Set(own.features.flat());
  return [...new Set(other.features.flat())].filter((feature) => !known.has(feature));
}

/** e.g. `a gives s the feature x, which b does not get alone`. */
export function sayClash(group: readonly Planned[], first: readonly Planned[], rule: Rule): string {
  for (const one of group) {
    for (const other of first) {
      const clash = clashOf(one, other, rule);
      if (clash) return say(clash);
    }
  }
  const [one] = group;
  const others = first.map(({ crate }) => crate.packageName).join(', ');
  return `together with ${others} cargo would switch on features that ${one?.crate.packageName ?? 'it'} does not get alone`;
}

function say({ from, to, package: { packageId, isForHost }, features }: Clash): string {
  const where = isForHost ? ' (for macros and build scripts)' : '';
  const name = packageName(packageId);
  if (features.length === 0) return `${from} and ${to} get ${name} with different features${where}`;
  const named =
    features.slice(0, 3).join(', ') + (features.length > 3 ? ` and ${features.length - 3} more` : '');
  const noun = features.length === 1 ? 'the feature' : 'the features';
  if (from === name) return `${from} has ${noun} ${named} of its own, which ${to} does not get alone`;
  return `${from} gives ${name}${where} ${noun} ${named}, which ${to} does not get alone`;
}
