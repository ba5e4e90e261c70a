import type { Judgement } from './replay';
import type { Cut } from './truth/truth';

export const CUTS: readonly Cut[] = ['build', 'test', 'clippy'];

export interface CutFigures {
  /** Members whose truth changed under the same key: a wrong hit. */
  stale: Finding[];
  /** Members whose key changed while the truth stayed: a wasted miss. */
  needless: Finding[];
  /** Members whose key changed, or cannot be told. */
  invalidated: number;
}

export interface Finding {
  commit: string;
  manifest: string;
  difference: string[];
}

export interface CommitFigures {
  id: string;
  /** Crates that are there before and after. */
  members: number;
  appeared: number;
  vanished: number;
  /** Crates whose key cannot be told before or after, by reason; they are never reused. */
  untold: Record<string, number>;
  /** Crates that only one of the two readings knows as a member, or can read. */
  unlike: string[];
  cuts: Record<Cut, CutFigures>;
}

type Explain = (manifest: string, cut: Cut) => string[];

export function compareStates(
  id: string,
  before: Judgement,
  after: Judgement,
  explain: Explain,
): CommitFigures {
  const members = [...after.truth.keys()].filter((manifest) => before.truth.has(manifest));
  const figures: CommitFigures = {
    id,
    members: members.length,
    appeared: after.truth.size - members.length,
    vanished: before.truth.size - members.length,
    untold: {},
    unlike: unlikeReadings(before, after),
    cuts: { build: noFigures(), test: noFigures(), clippy: noFigures() },
  };
  for (const manifest of members) {
    const [left, right] = [before, after].map(
      (one) => one.keys.get(manifest) && one.truth.get(manifest) && one,
    );
    if (left && right) for (const cut of CUTS) judge(manifest, cut, left, right, figures, explain);
    else addUntold(manifest, before, after, figures);
  }
  return figures;
}

function judge(
  manifest: string,
  cut: Cut,
  before: Judgement,
  after: Judgement,
  { id, cuts }: CommitFigures,
  explain: Explain,
): void {
  const isMiss = before.keys.get(manifest)?.[cut] !== after.keys.get(manifest)?.[cut];
  const isOther = before.truth.get(manifest)?.[cut] !== after.truth.get(manifest)?.[cut];
  if (isMiss) cuts[cut].invalidated += 1;
  if (isMiss === isOther) return;
  const list = isOther ? cuts[cut].stale : cuts[cut].needless;
  list.push({ commit: id, manifest, difference: explain(manifest, cut) });
}

function addUntold(manifest: string, before: Judgement, after: Judgement, figures: CommitFigures): void {
  const reason =
    before.problems.get(manifest) ?? after.problems.get(manifest) ?? 'only one of the two readings can tell';
  figures.untold[reason] = (figures.untold[reason] ?? 0) + 1;
  for (const cut of CUTS) figures.cuts[cut].invalidated += 1;
}

function unlikeReadings(...states: Judgement[]): string[] {
  const unlike = states.flatMap(({ keys, truth, problems }) => {
    const known = new Set([...keys.keys(), ...problems.keys()]);
    const others = [...truth]
      .filter(([manifest]) => !known.has(manifest))
      .map(([manifest]) => `${manifest}: no key`);
    const alone = [...known]
      .filter((manifest) => !truth.has(manifest))
      .map((manifest) => `${manifest}: no member`);
    const apart = [...truth].flatMap(([manifest, found]) =>
      known.has(manifest) && keys.has(manifest) !== (found !== undefined)
        ? [`${manifest}: ${found ? `key says ${problems.get(manifest)}` : 'the truth cannot read it'}`]
        : [],
    );
    return [...others, ...alone, ...apart];
  });
  return [...new Set(unlike)];
}

function noFigures(): CutFigures {
  return { stale: [], needless: [], invalidated: 0 };
}
