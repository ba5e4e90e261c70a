import { weightedSequence } from './weighted-sequence';

test('holds each index as often as its weight, spread out', () => {
  expect(weightedSequence([1])).toEqual([0]);
  expect(weightedSequence([3, 1])).toEqual([0, 0, 1, 0]);
  expect(weightedSequence([2, 2])).toEqual([0, 1, 0, 1]);
});

test('is exact for uneven weights', () => {
  const sequence = weightedSequence([90, 7, 3]);
  expect(sequence).toHaveLength(100);
  expect([0, 1, 2].map((index) => sequence.filter((other) => other === index).length)).toEqual([90, 7, 3]);
});
