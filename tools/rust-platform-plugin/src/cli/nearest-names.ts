import { nearestNames as namesByDistance } from '../service-model/nearest-name';

/** Names that a word may have meant: typos, and a part that stands for the whole (`migrate` for `db-migrate`). */
export function nearestNames(word: string, names: Iterable<string>): string[] {
  const all = [...new Set(names)];
  const byPart = word.length >= 3 ? all.filter((name) => name.includes(word.toLowerCase())) : [];
  byPart.sort((a, b) => a.length - b.length);
  return [...new Set([...byPart, ...namesByDistance(word, all)])].slice(0, 3);
}

/** `did you mean serve or serve-dev?`, or nothing to add. */
export function didYouMean(word: string, names: Iterable<string>): string | undefined {
  const near = nearestNames(word, names);
  return near.length === 0 ? undefined : `did you mean ${near.join(' or ')}?`;
}
