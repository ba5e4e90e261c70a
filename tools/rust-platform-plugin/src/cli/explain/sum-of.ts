import type { Explanation } from './explanation';

/** A sum is never cached itself: what it cost are its steps. */
export function sumOf(own: Explanation, steps: Explanation[]): Explanation {
  const names = steps.map(({ target }) => target);
  const why = `it is the sum of ${names.slice(0, -1).join(', ')}${names.length > 1 ? ' and ' : ''}${names.at(-1) ?? ''}`;
  const each = steps.map((step) => `${step.target} ${stepText(step)}`).join('; ');
  return {
    ...own,
    outcome: own.outcome === 'no-record' ? 'no-record' : 'never-cached',
    reason: 'sum',
    why,
    answer: `${own.task}: ${each}`,
    steps,
  };
}

function stepText({ outcome, status, why }: Explanation): string {
  if (outcome === 'hit') return 'was a hit';
  if (outcome === 'no-record') return 'has no run recorded';
  const end = status === 'failure' ? ' and failed' : '';
  return outcome === 'never-cached' ? `always runs${end}` : `was a miss${end}, ${why}`;
}
