/**
 * Indexes of `weights` in an order that holds each of them as often as its weight says, spread as evenly as possible:
 * `[3, 1]` → `[0, 0, 1, 0]`. Repeating it gives exact shares without chance.
 */
export function weightedSequence(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const credit = weights.map(() => 0);
  return Array.from({ length: total }, () => {
    let best = 0;
    for (const [index, weight] of weights.entries()) {
      credit[index] = (credit[index] ?? 0) + weight;
      if ((credit[index] ?? 0) > (credit[best] ?? 0)) best = index;
    }
    credit[best] = (credit[best] ?? 0) - total;
    return best;
  });
}
